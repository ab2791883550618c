import { existsSync, readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { planStack } from "../../../stack/plan.js";
import type { FindProgram } from "../../../stack/validate/programs.js";
import { type Validation, validateStack } from "../../../stack/validate/validate.js";
import { isRunning } from "../../support/processes.js";
import { config, type TemporaryProject, withProject } from "../../support/temporary-project.js";
import { waitFor } from "../../support/wait-for.js";

/** Shell scripts that play the programs, by name; a program without one isn't installed. */
type Players = Partial<Record<Parameters<FindProgram>[0], string>>;

/** Validates a project with players in the place of the programs; everything they write lies beside them. */
async function validate(
  { project, folder, write }: TemporaryProject,
  players: Players,
  signal?: AbortSignal,
): Promise<Validation> {
  for (const [name, script] of Object.entries(players)) {
    await write({ [`bin/${name}`]: `#!/bin/sh\n${script}\n` });
    await chmod(join(folder, "bin", name), 0o755);
  }
  const plan = await planStack(project, "compose");
  return validateStack({
    ...plan,
    ...(signal && { signal }),
    find: async (name) => (players[name] === undefined ? undefined : { path: join(folder, "bin", name) }),
  });
}

const small = { "obs.config.ts": config('{ name: "shop", grafana: { enabled: false } }') };
/** Fails where the configuration named by the last argument has this text in it. */
const failsOn = (text: string, message: string) =>
  `for file; do :; done\nif grep -q ${text} "$file"; then echo "${message}"; exit 1; fi`;

test("a program that isn't installed is named and doesn't count as passed", async () => {
  await withProject(small, async (temporary) => {
    const { ran, notRun } = await validate(temporary, { loki: "exit 0" });
    expect(ran).toEqual(["loki -verify-config"]);
    expect(notRun).toEqual([
      { checker: "otelcol validate", why: "otelcol is not installed" },
      { checker: "promtool check config", why: "promtool is not installed" },
      { checker: "amtool check-config", why: "amtool is not installed" },
      { checker: "amtool template render", why: "amtool is not installed" },
      { checker: "tempo -config.verify", why: "tempo 3.0.3 is not on PATH" },
      { checker: "docker compose config", why: "docker-compose is not installed" },
    ]);
  });
});

test("a program that dies or can't be started doesn't count as passed", async () => {
  await withProject(small, async (temporary) => {
    const { ran, notRun } = await validate(temporary, { loki: "kill -SEGV $$", amtool: "exit 0" });
    expect(ran).toEqual(["amtool check-config", "amtool template render"]);
    expect(notRun).toContainEqual({ checker: "loki -verify-config", why: "it was ended by SIGSEGV" });
    const gone = await validateStack({
      ...(await planStack(temporary.project, "compose")),
      find: async () => ({ path: join(temporary.folder, "nothing") }),
    });
    expect(gone.ran).toEqual([]);
    expect(gone.notRun).toHaveLength(7);
  });
});

test("a configuration that is fine without the override is the override's fault", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, overrides: { loki: { server: { brokn: true } } } }',
    ),
  };
  await withProject(files, async (temporary) => {
    const loki = `file=\${2#-config.file=}\nif grep -q brokn "$file"; then echo "$file: field brokn not found"; exit 1; fi`;
    const { problems } = await validate(temporary, { loki });
    expect(problems).toEqual([
      {
        id: "loki-verify-config",
        severity: "error",
        what: "Loki does not accept its configuration.",
        why: "Without overrides.loki it is accepted: the override breaks it.",
        next: expect.stringContaining("Mend overrides.loki."),
        place: { file: "obs.config.ts", keyPath: "overrides.loki.server.brokn" },
        output: ["stack/generated/loki/loki.yml: field brokn not found"],
      },
    ]);
  });
});

test("a key within a list of an override is named with its position", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, overrides: { alertmanager: { inhibit_rules: [{}, { brokn: true }] } } }',
    ),
  };
  await withProject(files, async (temporary) => {
    const { problems } = await validate(temporary, { amtool: failsOn("brokn", "field brokn not found") });
    expect(problems.find(({ id }) => id === "amtool-check-config")?.place).toEqual({
      file: "obs.config.ts",
      keyPath: "overrides.alertmanager.inhibit_rules[1].brokn",
    });
  });
});

test("an override is not blamed for the same complaint about another pipeline", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, overrides: { "otel-collector": { extensions: { zpages: {} } } } }',
    ),
  };
  await withProject(files, async (temporary) => {
    const said = (pipeline: string) =>
      `echo 'failed to create "redaction", in pipeline "${pipeline}": no'; exit 1`;
    const otelcol = `if grep -q zpages "\${2#--config=}"; then ${said("logs")}; else ${said("traces")}; fi`;
    const { problems } = await validate(temporary, { otelcol });
    expect(problems.filter(({ id }) => id === "otelcol-validate")).toMatchObject([
      { place: { file: "obs.config.ts" }, output: [expect.stringContaining("traces")] },
    ]);
  });
});

test("a configuration that is refused without the override too is not blamed on it", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, overrides: { alertmanager: { inhibit_rules: [] } } }',
    ),
  };
  await withProject(files, async (temporary) => {
    const { problems } = await validate(temporary, { amtool: failsOn("receiver", "no receivers, please") });
    expect(problems).toEqual([
      {
        id: "amtool-check-config",
        severity: "error",
        what: "Alertmanager does not accept its configuration.",
        place: { file: "obs.config.ts" },
        output: ["no receivers, please"],
      },
    ]);
  });
});

test("what promtool says about a copied rule file is placed in the user's own, inside the expression", async () => {
  const files = {
    ...small,
    "alerts/shop.yml":
      'groups:\n  - name: shop\n    rules:\n      - alert: A\n        expr: "up + 1"\n      - alert: B\n        expr: |\n          up\n            / up\n      - alert: C\n        expr: up\n',
  };
  await withProject(files, async (temporary) => {
    const promtool = `rules="$(dirname "$3")/rules/alerts-shop.yml"
echo "Checking $3"
echo " SUCCESS: $3 is valid prometheus config file syntax"
echo "Checking $rules"
echo "  FAILED:" >&2
echo "$rules: 5:15: group \\"shop\\", rule 1, \\"A\\": could not parse expression: 1:5: parse error: unexpected end" >&2
echo "$rules: 7:15: group \\"shop\\", rule 2, \\"B\\": could not parse expression: 2:5: parse error: unexpected )" >&2
echo "$rules: group \\"shop\\", rule 3, \\"C\\": label x: template: no" >&2
echo "$rules: group \\"shop\\", rule 3, \\"C\\": label x: template: no" >&2
exit 1`;
    const { problems } = await validate(temporary, { promtool });
    // The checks of obs have their own opinion of these rules; they find nothing that keeps promtool from being heard.
    const said = problems.filter(({ id }) => id === "promtool-check-config");
    expect(said.map(({ place, what }) => [place, what])).toEqual([
      [
        { file: "alerts/shop.yml", line: 5, column: 20 },
        'Rule "A": could not parse its expression: parse error: unexpected end.',
      ],
      [
        { file: "alerts/shop.yml", line: 9, column: 15 },
        'Rule "B": could not parse its expression: parse error: unexpected ).',
      ],
      [{ file: "alerts/shop.yml", line: 10, column: 9 }, 'Rule "C": label x: template: no.'],
    ]);
  });
});

test("a component that only the image may have is a warning, a misspelt one an error", async () => {
  await withProject(small, async (temporary) => {
    const otelcol = `echo "Error: decoding failed due to the following error(s):" >&2
echo "'connectors' unknown type: \\"servicegraph\\" for id: \\"servicegraph\\" (valid values: [count forward])" >&2
echo "'processors' unknown type: \\"fliter\\" for id: \\"fliter/x\\" (valid values: [batch filter])" >&2
exit 1`;
    const { problems } = await validate(temporary, { otelcol });
    expect(problems.map(({ severity, what, next }) => [severity, what, next])).toEqual([
      ["error", 'The collector that obs builds has no processor of type "fliter".', 'Did you mean "filter"?'],
      [
        "warning",
        'The collector that obs builds has no connector of type "servicegraph".',
        "Without Docker, use one of: count, forward.",
      ],
    ]);
  });
});

test("Tempo's warnings are warnings, although it fails for them", async () => {
  await withProject(small, async (temporary) => {
    const tempo =
      'echo \'level=warn ts=x msg="-- CONFIGURATION WARNINGS --"\'; echo \'level=warn ts=x msg="wal too small" explain="it may fill up"\'; exit 1';
    const { problems } = await validate(temporary, { tempo });
    expect(problems.map(({ severity, what, why }) => [severity, what, why])).toEqual([
      ["warning", "Tempo warns: wal too small.", "it may fill up"],
    ]);
    const refused = await validate(temporary, {
      tempo: 'echo "failed parsing config: failed to parse configFile: field x not found"; exit 1',
    });
    expect(refused.problems).toMatchObject([{ id: "tempo-config-verify", severity: "error" }]);
  });
});

test("checkers see paths that exist, placeholders for secrets, and no secret of the environment", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, otlp: { token: secret("OTLP_TOKEN") }, collector: { exporters: { up: { type: "otlp", endpoint: "https://example.org", headers: { authorization: secret("UP_TOKEN") } } } } }',
    ),
    ".env": "OTLP_TOKEN=hunter2\nUP_TOKEN=hunter2\n",
  };
  await withProject(files, async (temporary) => {
    const otelcol =
      '[ "$1" = validate ] || exit 0\nconfig="${2#--config=}"\ncp "$config" "$0.config"\necho "$config" > "$0.path"\nenv > "$0.env"\n'.concat(
        'for file in $(grep -o \'/[^ }]*secrets/[^ }]*\' "$config"); do cat "$file"; echo; done > "$0.secrets"\n',
        'for folder in $(sed -n "s/^ *directory: //p" "$config"); do ls -d "$(dirname "$folder")"; done > "$0.folders"',
      );
    const { ran } = await validate(temporary, { otelcol });
    expect(ran).toEqual(["otelcol validate", "a short start of otelcol"]);
    const written = (what: string) => readFileSync(join(temporary.folder, "bin", `otelcol.${what}`), "utf8");
    expect(written("secrets")).toBe("placeholder\nplaceholder\n");
    expect(written("folders").trim()).not.toBe("");
    expect(written("config")).not.toMatch(/ \/(run|etc|var)\//);
    expect(written("env")).not.toMatch(/hunter2|NODE_OPTIONS|npm_/);
    expect(existsSync(written("path").trim())).toBe(false);
  });
});

test("aborting ends a checker that is still running, and cleans up", async () => {
  await withProject(small, async (temporary) => {
    const abort = new AbortController();
    const file = (what: string) => join(temporary.folder, "bin", `loki.${what}`);
    const loki = 'echo "$2" > "$0.path"; echo $$ > "$0.pid"; exec sleep 600';
    const validation = validate(temporary, { loki }, abort.signal).catch((error: unknown) => error);
    const pid = await waitFor("the checker runs", () => Number(readFileSync(file("pid"), "utf8")));
    abort.abort(new Error("enough"));
    expect(await validation).toMatchObject({ message: "enough" });
    await waitFor("the checker is gone", () => !isRunning(pid));
    expect(existsSync(readFileSync(file("path"), "utf8").trim().replace("-config.file=", ""))).toBe(false);
  });
});
