import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Project, projectAt } from "../../../stack/project.js";
import { readSecrets, secretTimes, writeSecret, writeSecrets } from "../../../stack/runtime/secrets.js";
import { verifyWebhookSecret } from "../../../stack/services/names.js";

let project: Project;
beforeEach(async () => {
  project = projectAt(join(await mkdtemp(join(tmpdir(), "obs-secrets-")), "obs.config.ts"));
});
afterEach(() => rm(project.root, { recursive: true, force: true }));

const at = (...path: string[]) => join(project.stateDir, "secrets", ...path);
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const writeEnv = (text: string, mode = 0o600) => writeFile(project.envFile, text, { mode });

describe("reading", () => {
  test("takes the environment first, then .env", async () => {
    await writeEnv("A=from file\nB='quoted # not a comment'\n");
    const { values, problems } = await readSecrets(project, ["A", "B"], { A: "from environment" });
    expect(Object.fromEntries(values)).toEqual({ A: "from environment", B: "quoted # not a comment" });
    expect(problems).toEqual([]);
  });

  test("names what is missing or empty, with the next step", async () => {
    await writeEnv("EMPTY=\n");
    const { values, problems } = await readSecrets(project, ["EMPTY", "ABSENT", "ABSENT"], { EMPTY: "" });
    expect(values.size).toBe(0);
    expect(problems.map(({ id, what }) => [id, what])).toEqual([
      ["missing-secret", "The secret EMPTY has no value."],
      ["missing-secret", "The secret ABSENT has no value."],
    ]);
    expect(problems[1]?.next).toBe(
      "Add a line `ABSENT=...` to .env (mode 0600), or set it in the environment.",
    );
  });

  test("does not ask for the secret that obs makes itself", async () => {
    expect((await readSecrets(project, [verifyWebhookSecret], {})).problems).toEqual([]);
  });

  test.each([0o644, 0o640, 0o604])("warns of an .env with mode %o", async (bits) => {
    await writeEnv("A=1", 0o600);
    await chmod(project.envFile, bits);
    const { problems } = await readSecrets(project, ["A"], {});
    expect(problems).toEqual([
      {
        id: "env-file-readable",
        severity: "warning",
        what: expect.stringContaining(`(mode 0${bits.toString(8)})`),
        next: "Run `chmod 600 .env`.",
        place: { file: ".env" },
      },
    ]);
  });

  test("an .env that is not a file is an error", async () => {
    const { problems } = await readSecrets({ ...project, envFile: project.root }, [], {});
    expect(problems).toContainEqual(
      expect.objectContaining({ id: "env-file-unreadable", severity: "error" }),
    );
  });
});

describe("writing", () => {
  const names = new Map([["grafana", ["PASSWORD"]]]);

  test("closes the outer folder and lets the programs' users read inside", async () => {
    await writeSecrets(project, names, new Map([["PASSWORD", "pass\nword"]]));
    expect(await readFile(at("grafana", "PASSWORD"), "utf8")).toBe("pass\nword");
    expect([await mode(at()), await mode(at("grafana")), await mode(at("grafana", "PASSWORD"))]).toEqual([
      "700",
      "755",
      "444",
    ]);
  });

  test("does not touch what is right already", async () => {
    const values = new Map([["PASSWORD", "same"]]);
    await writeSecrets(project, names, values);
    const before = await secretTimes(project, "grafana", ["PASSWORD"]);
    await writeSecrets(project, names, values);
    expect(await secretTimes(project, "grafana", ["PASSWORD"])).toEqual(before);
  });

  test("removes what nobody reads any more", async () => {
    await writeSecrets(
      project,
      new Map([
        ["grafana", ["PASSWORD", "OLD"]],
        ["loki", ["KEY"]],
      ]),
      new Map([
        ["PASSWORD", "a"],
        ["OLD", "b"],
        ["KEY", "c"],
      ]),
    );
    await writeSecrets(project, names, new Map([["PASSWORD", "a"]]));
    expect(await readdir(at())).toEqual(["grafana"]);
    expect(await readdir(at("grafana"))).toEqual(["PASSWORD"]);
  });

  test("can be undone, times of modification included", async () => {
    await writeSecrets(
      project,
      new Map([["loki", ["KEY", "PASSWORD"]]]),
      new Map([
        ["KEY", "1"],
        ["PASSWORD", "2"],
      ]),
    );
    const before = await secretTimes(project, "loki", ["KEY", "PASSWORD"]);
    const written = await writeSecrets(
      project,
      new Map([
        ["grafana", ["PASSWORD"]],
        ["loki", ["KEY"]],
      ]),
      new Map([
        ["KEY", "changed"],
        ["PASSWORD", "2"],
      ]),
    );
    await written.undo();
    expect(await readFile(at("loki", "KEY"), "utf8")).toBe("1");
    expect(await readFile(at("loki", "PASSWORD"), "utf8")).toBe("2");
    expect(await secretTimes(project, "loki", ["KEY", "PASSWORD"])).toEqual(before);
    await expect(readFile(at("grafana", "PASSWORD"))).rejects.toThrow("ENOENT");
  });

  test("keeps the value that verify gave its own secret, and lets that restart nothing", async () => {
    const own = new Map([["alertmanager", [verifyWebhookSecret]]]);
    await writeSecrets(project, own, new Map());
    expect(await readFile(at("alertmanager", verifyWebhookSecret), "utf8")).toBe("http://127.0.0.1:9/");
    await writeSecret(project, "alertmanager", verifyWebhookSecret, "http://127.0.0.1:4711/x");
    await writeSecrets(project, own, new Map());
    expect(await readFile(at("alertmanager", verifyWebhookSecret), "utf8")).toBe("http://127.0.0.1:4711/x");
    expect(await secretTimes(project, "alertmanager", [verifyWebhookSecret])).toEqual({});
  });
});
