import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { execa } from "execa";
import { importDashboard } from "../../dashboards/import/index.js";
import { packageRoot } from "../../stack/package-root.js";
import { exportedDashboards } from "../support/exported-dashboards.js";
import { type FakeGrafana, startFakeGrafana } from "../support/fake-grafana.js";
import { parsedOutput, runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";
import { type TemporaryProject, withProject } from "../support/temporary-project.js";

jest.setTimeout(600_000);

const password = "correct-horse-battery-staple";
const token = "glsa_a-token-of-a-test";

type Json = Record<string, unknown>;

interface Diff {
  dashboards: { uid: string; state: string; changes: { of: string; setting?: string }[]; written?: string }[];
}

const config = (port: number, dashboards = "hostDashboards()", imports = "", allowEdits = true) => `
import { defineStack } from "obs-stack";
import { edited, hostDashboards } from "obs-stack/dashboards";
${imports}
void edited;
export default defineStack({ name: "shop", ports: { grafana: ${port} }, grafana: { allowEdits: ${allowEdits} }, dashboards: ${dashboards} });
`;

/** A project whose Grafana is the fake one, which holds what the project generates. */
async function withGrafana(
  use: (project: TemporaryProject, grafana: FakeGrafana) => Promise<void>,
): Promise<void> {
  const grafana = await startFakeGrafana(`Basic ${Buffer.from(`admin:${password}`).toString("base64")}`);
  try {
    const files = { "obs.config.ts": config(grafana.port), ".env": `GRAFANA_ADMIN_PASSWORD=${password}\n` };
    await withProject(files, async (project) => {
      await runObs(["dashboards", "export", "--out", "exported"], { cwd: project.folder });
      grafana.hold(JSON.parse(readFileSync(join(project.folder, "exported", "host.json"), "utf8")), "shop");
      await use(project, grafana);
    });
  } finally {
    await grafana.close();
  }
}

const diff = async (folder: string, ...args: string[]) => {
  const run = await runObs(["dashboards", "diff", "--json", ...args], { cwd: folder });
  return { ...run, ...parsedOutput<Diff>(run) };
};

const rename = (dashboard: Json, from: string, to: string) => {
  const panel = (dashboard.panels as Json[]).find(({ title }) => title === from)!;
  panel.title = to;
};

describe("obs dashboards import", () => {
  test("writes thirty files that type-check, strictly, and that the formatter leaves alone", async () => {
    await withFolder(async (folder) => {
      const names = exportedDashboards.map(({ file, text }) => {
        const name = file.replace(/json$/, "ts");
        writeFileSync(join(folder, name), importDashboard(text, file).code.text);
        return name;
      });
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: join(packageRoot, "tsconfig.json"),
          compilerOptions: {
            rootDir: "/",
            noUnusedLocals: true,
            typeRoots: [join(packageRoot, "node_modules", "@types")],
            paths: { "obs-stack/dashboards": [join(packageRoot, "dashboards", "index.ts")] },
          },
          include: names,
          exclude: [],
        }),
      );
      const tsc = await execa(join(packageRoot, "node_modules", ".bin", "tsc"), ["-p", folder], {
        reject: false,
      });
      expect(tsc.stdout).toBe("");
      const biome = join(packageRoot, "node_modules", ".bin", "biome");
      const format = ["format", "--indent-style=space", "--line-width=110", "--vcs-enabled=false", ...names];
      const formatted = await execa(biome, format, { cwd: folder, reject: false, all: true });
      expect([formatted.exitCode, formatted.all]).toEqual([0, expect.anything()]);
    });
  });

  test("writes into the project, tells what it found, and overwrites nothing unasked", async () => {
    await withProject({ "obs.config.ts": config(3000) }, async ({ folder, write }) => {
      const of = (file: string) => exportedDashboards.find((each) => each.file === file)!.path;
      const first = await runObs(["dashboards", "import", of("coredns.json"), of("redis.json")], {
        cwd: folder,
      });
      expect(first.stdout).toBe("dashboards/coredns.ts: CoreDNS\ndashboards/redis.ts: Redis");
      expect(first.stderr).toContain('import { coredns } from "./dashboards/coredns.js"');
      expect(first.stderr).toContain("Nothing in this stack produces redis_up.");
      const edit = `// mine\n${readFileSync(join(folder, "dashboards", "redis.ts"), "utf8")}`;
      await write({ "dashboards/redis.ts": edit });
      const again = await runObs(["dashboards", "import", of("redis.json")], { cwd: folder });
      expect(again.exitCode).toBe(1);
      expect(again.stderr).toContain("dashboards/redis.ts is there already.");
      expect(readFileSync(join(folder, "dashboards", "redis.ts"), "utf8")).toBe(edit);
      await write({
        "obs.config.ts": config(
          3000,
          "[redis, coredns]",
          'import { redis } from "./dashboards/redis.js";\nimport { coredns } from "./dashboards/coredns.js";',
        ),
      });
      const list = parsedOutput<{ dashboards: Json[] }>(
        await runObs(["dashboards", "list", "--json"], { cwd: folder }),
      );
      expect(list.dashboards).toMatchObject([
        {
          uid: "redis",
          title: "Redis",
          panels: 7,
          dataSources: ["prometheus"],
          tags: ["prometheus", "redis"],
        },
        { uid: "vkQ0UHxik", title: "CoreDNS", panels: 4 },
      ]);
    });
  });

  test.each([
    ["what isn't JSON", "{", "This is not JSON."],
    ["a list", "[]", "This is no dashboard: it holds no mapping."],
    ["no dashboard", '{"a":1}', "This is no dashboard: it has neither panels nor rows."],
    [
      "the new schema",
      '{"apiVersion":"dashboard.grafana.app/v2","spec":{"elements":{}}}',
      "This is a dashboard of Grafana's new schema.",
    ],
  ])("refuses %s at its place, and writes nothing", async (_what, text, said) => {
    await withProject({ "obs.config.ts": config(3000), "it.json": text }, async ({ folder }) => {
      const run = await runObs(["dashboards", "import", "it.json"], { cwd: folder });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain(`error it.json [dashboard-import]\n  ${said}`);
      expect(existsSync(join(folder, "dashboards"))).toBe(false);
    });
  });
});

describe("obs dashboards diff", () => {
  test("asks the stack's own Grafana as its admin, and finds nothing edited", async () => {
    await withGrafana(async ({ folder }, grafana) => {
      const run = await runObs(["dashboards", "diff"], { cwd: folder });
      expect([run.exitCode, run.stdout]).toEqual([
        0,
        "1 dashboard is as in Grafana: nothing was edited there.",
      ]);
      grafana.edit("host", () => {});
      expect((await diff(folder)).exitCode).toBe(0);
      expect(run.all).not.toContain(password);
    });
  });

  test("writes what was edited as edits, which make both equal once they are applied, again and again", async () => {
    await withGrafana(async ({ folder, write }, grafana) => {
      grafana.edit("host", (dashboard) => rename(dashboard, "Memory", "Memory of the machine"));
      const before = await diff(folder);
      expect([before.exitCode, before.dashboards[0]]).toMatchObject([
        1,
        { uid: "host", state: "different", changes: [{ of: 'panel "Memory"', setting: "title" }] },
      ]);
      const written = await runObs(["dashboards", "diff", "--write"], { cwd: folder });
      expect(written.exitCode).toBe(0);
      expect(written.stderr).toContain('import { hostEdits } from "./dashboards/host.edits.js"');
      await write({
        "obs.config.ts": config(
          grafana.port,
          "edited(hostDashboards(), hostEdits)",
          'import { hostEdits } from "./dashboards/host.edits.js";',
        ),
      });
      expect((await diff(folder)).dashboards).toMatchObject([{ state: "equal", changes: [] }]);
      grafana.edit("host", (dashboard) => rename(dashboard, "Disk space left", "Disks"));
      expect((await diff(folder, "--write")).dashboards).toMatchObject([
        { written: "dashboards/host.edits.ts" },
      ]);
      expect((await diff(folder)).exitCode).toBe(0);
      const text = readFileSync(join(folder, "dashboards", "host.edits.ts"), "utf8");
      expect(text).toContain('Memory: { title: "Memory of the machine" }');
      expect(text).toContain('"Disk space left": { title: "Disks" }');
    });
  });

  test("writes a file anew that import wrote, and leaves one that somebody changed", async () => {
    await withGrafana(async ({ folder, write }, grafana) => {
      const [redis] = exportedDashboards.filter(({ file }) => file === "redis.json");
      await runObs(["dashboards", "import", redis!.path], { cwd: folder });
      await write({
        "obs.config.ts": config(grafana.port, "[redis]", 'import { redis } from "./dashboards/redis.js";'),
      });
      const exported = await runObs(["dashboards", "export", "redis"], { cwd: folder });
      grafana.hold(JSON.parse(exported.stdout), "shop");
      grafana.edit("redis", (dashboard) => {
        dashboard.title = "Redis and others";
        rename(dashboard, "Clients", "Connected clients");
      });
      expect((await diff(folder, "redis", "--write")).dashboards).toMatchObject([
        { written: "dashboards/redis.ts" },
      ]);
      expect((await diff(folder, "redis")).exitCode).toBe(0);
      const path = join(folder, "dashboards", "redis.ts");
      expect(readFileSync(path, "utf8")).toContain("const connectedClients = plainPanel(");
      const mine = readFileSync(path, "utf8").replace("const uptime", "// from the old team\nconst uptime");
      writeFileSync(path, mine);
      grafana.edit("redis", (dashboard) => rename(dashboard, "Uptime", "Up for"));
      expect((await diff(folder, "redis", "--write")).dashboards).toMatchObject([
        { written: "dashboards/redis.edits.ts" },
      ]);
      expect(readFileSync(path, "utf8")).toBe(mine);
    });
  });

  test("doesn't take for an edit what an older code made, where Grafana refuses edits", async () => {
    await withGrafana(async ({ folder, write }, grafana) => {
      grafana.edit("host", (dashboard) => rename(dashboard, "Memory", "Memory as it was called"));
      await write({ "obs.config.ts": config(grafana.port, "hostDashboards()", "", false) });
      const run = await runObs(["dashboards", "diff", "--write"], { cwd: folder });
      expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining("which refuses edits")]);
      expect(existsSync(join(folder, "dashboards"))).toBe(false);
    });
  });

  test("tells of what is only in code and of what is only in the stack's folder, and takes the latter in", async () => {
    await withGrafana(async ({ folder, write }, grafana) => {
      const others = exportedDashboards.filter(({ file }) =>
        ["coredns.json", "kafka-exporter.json"].includes(file),
      );
      grafana.hold(JSON.parse(others[0]!.text), "shop");
      grafana.hold(JSON.parse(others[1]!.text), "Elsewhere");
      await write({
        "obs.config.ts": config(
          grafana.port,
          '[...hostDashboards(), { ...hostDashboards()[0]!, uid: "mine", title: "Mine" }]',
        ),
      });
      const found = await diff(folder);
      expect(found.exitCode).toBe(1);
      expect(found.dashboards.map(({ uid, state }) => [uid, state])).toEqual([
        ["host", "equal"],
        ["mine", "only in code"],
        ["vkQ0UHxik", "only in Grafana"],
      ]);
      const written = await diff(folder, "vkQ0UHxik", "--write");
      expect(written.dashboards).toMatchObject([{ written: "dashboards/coredns.ts" }]);
      expect(existsSync(join(folder, "dashboards", "coredns.ts"))).toBe(true);
    });
  });

  test("finds all dashboards, however many pages they are", async () => {
    await withGrafana(async ({ folder }, grafana) => {
      const { text } = exportedDashboards[0]!;
      for (let at = 0; at < 1001; at++) grafana.hold({ ...JSON.parse(text), uid: `o${at}` }, "Elsewhere");
      grafana.hold({ ...JSON.parse(text), uid: "last", title: "The last" }, "shop");
      expect((await diff(folder)).dashboards.map(({ uid }) => uid)).toEqual(["host", "last"]);
    });
  });

  test("asks another Grafana with a token, which the stack's password never reaches", async () => {
    await withGrafana(async ({ folder }) => {
      const other = await startFakeGrafana(`Bearer ${token}`);
      try {
        other.hold(JSON.parse(readFileSync(join(folder, "exported", "host.json"), "utf8")));
        const args = ["dashboards", "diff", "--url", `${other.url}/`];
        const without = await runObs(args, { cwd: folder });
        expect([without.exitCode, without.stderr]).toEqual([
          2,
          expect.stringContaining("refuses the credentials (401)"),
        ]);
        const withToken = await runObs(args, { cwd: folder, env: { OBS_GRAFANA_TOKEN: token } });
        expect([withToken.exitCode, withToken.stdout]).toEqual([0, expect.stringContaining("as in Grafana")]);
        expect(other.asked.map(({ authorization }) => authorization)).not.toContainEqual(
          expect.stringContaining("Basic"),
        );
        expect(withToken.all + without.all).not.toContain(token);
      } finally {
        await other.close();
      }
    });
  });

  test.each([
    ["a login page in between", "redirect to login", "sends to its login instead of an answer"],
    ["what isn't Grafana", "a page", "something other than JSON"],
  ] as const)("says so where %s answers", async (_what, answer, said) => {
    await withGrafana(async ({ folder }, grafana) => {
      grafana.answer = answer;
      const run = await runObs(["dashboards", "diff"], { cwd: folder });
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(said)]);
    });
  });

  test("says so where nothing answers, the password is another, or there is no such dashboard", async () => {
    await withGrafana(async ({ folder, write }, grafana) => {
      const unknown = await runObs(["dashboards", "diff", "hots"], { cwd: folder });
      expect([unknown.exitCode, unknown.stderr]).toEqual([
        1,
        expect.stringContaining('Did you mean "host"?'),
      ]);
      await write({ ".env": "GRAFANA_ADMIN_PASSWORD=another\n" });
      const refused = await runObs(["dashboards", "diff"], { cwd: folder });
      expect([refused.exitCode, refused.stderr]).toEqual([
        2,
        expect.stringContaining("GRAFANA_ADMIN_PASSWORD counts only"),
      ]);
      await grafana.close();
      const nothing = await runObs(["dashboards", "diff"], { cwd: folder });
      expect([nothing.exitCode, nothing.stderr]).toEqual([
        2,
        expect.stringContaining("There is no Grafana at"),
      ]);
    });
  });
});
