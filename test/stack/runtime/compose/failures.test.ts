import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { projectAt } from "../../../../stack/project.js";
import type { Rendered } from "../../../../stack/render/rendered.js";
import { composeRuntime } from "../../../../stack/runtime/compose/index.js";
import type { UpResult } from "../../../../stack/runtime/runtime.js";
import { ProblemError } from "../../../../stack/validate/problem.js";
import { type FakeDocker, fakeDocker, workingDocker } from "../../../support/fake-docker.js";
import { waitFor } from "../../../support/wait-for.js";

const realPath = process.env.PATH;
let fake: FakeDocker;
afterEach(async () => {
  process.env.PATH = realPath;
  await fake.remove();
});

const rendered: Rendered = {
  facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } },
  artefacts: [{ path: "loki/loki.yml", text: "a: 1\n", owner: "loki", keys: [] }],
  plans: [
    {
      name: "loki",
      title: "keeps logs",
      program: "loki",
      args: [],
      env: {},
      secrets: ["TOKEN"],
      ready: { url: "http://127.0.0.1:9/ready" },
      reload: "restart",
      stopSeconds: 1,
      ports: [],
      files: [],
    },
  ],
  composeFile: "name: shop\nservices:\n  loki: { image: 'mirror.invalid/loki:1', restart: unless-stopped }\n",
};

async function upWith(cases: string, signal = new AbortController().signal): Promise<UpResult> {
  fake = await fakeDocker(cases + workingDocker);
  process.env.PATH = fake.env.PATH;
  const project = projectAt(join(fake.folder, "project", "obs.config.ts"));
  await mkdir(project.root);
  const secrets = new Map([["TOKEN", "do-not-show-me"]]);
  return composeRuntime(project).up({ rendered, secrets, signal, onEvent: () => {} });
}

describe("up", () => {
  test("names the image that can't be pulled and the setting for a mirror", async () => {
    const { services, problems } = await upWith(`
      *" up "*) printf ' loki Pulling \\nError response from daemon: no such host\\n' >&2; exit 1 ;;
      "image inspect"*) echo "No such image" >&2; exit 1 ;;`);
    expect(services).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({
        id: "image-unavailable",
        what: "The image mirror.invalid/loki:1 could not be pulled.",
        next: expect.stringContaining("images: { registry:"),
        output: ["Error response from daemon: no such host"],
      }),
    ]);
  });

  test("shows what Docker said when it refuses", async () => {
    const { problems } = await upWith(`
      *" up "*) printf ' Network shop_stack  Created\\nError response from daemon: no space left\\n' >&2; exit 1 ;;`);
    expect(problems).toMatchObject([
      { id: "docker-refused", output: ["Error response from daemon: no space left"] },
    ]);
  });

  test("has a finding when the engine stops half-way, and when putting back fails too", async () => {
    const { problems } = await upWith(`
      *" up "*|*" down "*) echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1 ;;`);
    expect(problems.map(({ id }) => id)).toEqual(["docker-stopped", "docker-stopped"]);
  });

  test("leaves nothing behind of a first start that failed", async () => {
    await upWith(`*" up "*) exit 1 ;;`);
    expect((await fake.calls()).filter((call) => call.includes(" down "))).toHaveLength(1);
    const state = join(fake.folder, "project", ".obs");
    expect(existsSync(join(state, "run", "compose.json"))).toBe(false);
    expect(existsSync(join(state, "run", "lock"))).toBe(false);
    expect(await readdir(join(state, "secrets", "loki"))).toEqual([]);
  });

  test("stops at Ctrl-C and says so", async () => {
    const interrupt = new AbortController();
    const up = upWith(`*" up "*) exec /bin/sleep 60 ;;`, interrupt.signal);
    await waitFor("Compose is at work", async () =>
      (await fake.calls()).some((call) => call.includes(" up ")),
    );
    interrupt.abort();
    const { problems } = await up;
    expect(problems).toMatchObject([{ id: "interrupted", why: "Nothing was left running." }]);
    expect((await fake.calls()).filter((call) => call.includes(" down "))).toHaveLength(1);
  });

  test("stops at Ctrl-C before anything was changed", async () => {
    const { problems } = await upWith("", AbortSignal.abort());
    expect(problems).toMatchObject([{ id: "interrupted", why: "Nothing was changed." }]);
    expect((await fake.calls()).some((call) => / (up|down) /.test(call))).toBe(false);
  });

  test("never puts a secret on a command line", async () => {
    await upWith(`*" up "*) exit 1 ;;`);
    expect((await fake.calls()).join("\n")).not.toContain("do-not-show-me");
  });

  test("refuses to take over the containers of another folder's stack of the same name", async () => {
    const container = JSON.stringify([
      {
        Id: "1",
        Name: "/shop-loki-1",
        RestartCount: 0,
        State: { Status: "running", ExitCode: 0, OOMKilled: false, StartedAt: "2026-01-01T00:00:00Z" },
        Config: {
          Labels: {
            "com.docker.compose.service": "loki",
            "com.docker.compose.project.working_dir": "/elsewhere/shop",
          },
        },
        HostConfig: { PortBindings: {} },
      },
    ]);
    const failed = upWith(`"ps "*) echo 1 ;; "container inspect"*) echo '${container}' ;;`);
    await expect(failed).rejects.toThrow(ProblemError);
    await expect(failed).rejects.toMatchObject({
      problems: [{ id: "name-taken", what: expect.stringContaining("/elsewhere/shop") }],
    });
    expect((await fake.calls()).some((call) => call.includes(" up "))).toBe(false);
  });
});

test("up with detach does not wait until the services are ready", async () => {
  fake = await fakeDocker(workingDocker);
  process.env.PATH = fake.env.PATH;
  const project = projectAt(join(fake.folder, "project", "obs.config.ts"));
  await mkdir(project.root);
  const result = await composeRuntime(project).up({
    rendered,
    secrets: new Map([["TOKEN", "do-not-show-me"]]),
    signal: new AbortController().signal,
    onEvent: () => {},
    detach: true,
  });
  expect(result).toMatchObject({ services: [{ name: "loki", action: "started" }], problems: [] });
});

describe("down", () => {
  test("is content where nothing was ever started, even without Docker", async () => {
    fake = await fakeDocker(undefined);
    process.env.PATH = fake.env.PATH;
    const runtime = composeRuntime(projectAt(join(fake.folder, "obs.config.ts")));
    const options = { volumes: false, signal: new AbortController().signal, onEvent: () => {} };
    expect(await runtime.down(options)).toEqual({ stopped: [], problems: [] });
  });
});

describe("status", () => {
  test("says that nothing runs where nothing was ever started", async () => {
    fake = await fakeDocker(undefined);
    process.env.PATH = fake.env.PATH;
    const runtime = composeRuntime(projectAt(join(fake.folder, "obs.config.ts")));
    expect(await runtime.status()).toEqual({
      runtime: "compose",
      running: false,
      services: [],
      problems: [],
    });
  });
});
