import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Project, projectAt } from "../../../stack/project.js";
import { generateSecrets } from "../../../stack/runtime/generated-secrets.js";

let project: Project;
beforeEach(() => {
  project = projectAt(join(mkdtempSync(join(tmpdir(), "obs-")), "obs.config.ts"));
  delete process.env.GRAFANA_ADMIN_PASSWORD;
});
afterEach(() => rmSync(project.root, { recursive: true }));

const read = () => readFileSync(project.envFile, "utf8");

test("a missing password of Grafana is made up and kept in a .env that only its owner reads", async () => {
  expect(await generateSecrets(project, ["GRAFANA_ADMIN_PASSWORD"])).toEqual(["GRAFANA_ADMIN_PASSWORD"]);
  expect(read()).toMatch(/^GRAFANA_ADMIN_PASSWORD=[\w-]{32}\n$/);
  expect(statSync(project.envFile).mode & 0o777).toBe(0o600);
});

test("a password that exists is left alone, and so is the rest of .env", async () => {
  writeFileSync(project.envFile, "GRAFANA_ADMIN_PASSWORD=mine\n");
  expect(await generateSecrets(project, ["GRAFANA_ADMIN_PASSWORD"])).toEqual([]);
  expect(read()).toBe("GRAFANA_ADMIN_PASSWORD=mine\n");
});

test("lines of .env are kept, also when the last has no end", async () => {
  writeFileSync(project.envFile, "SLACK_URL=x", { mode: 0o640 });
  await generateSecrets(project, ["GRAFANA_ADMIN_PASSWORD", "SLACK_URL"]);
  expect(read()).toMatch(/^SLACK_URL=x\nGRAFANA_ADMIN_PASSWORD=.{32}\n$/);
  expect(statSync(project.envFile).mode & 0o777).toBe(0o640);
});

test("a secret that somebody else has given out is never made up", async () => {
  expect(await generateSecrets(project, ["SLACK_URL"])).toEqual([]);
});
