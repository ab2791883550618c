import { type DockerState, dockerState, versionIn } from "../../../../stack/runtime/compose/docker-state.js";
import { fakeDocker, workingDocker } from "../../../support/fake-docker.js";

/** The state of a machine whose only programs are these. */
async function stateWith(
  cases: string | undefined,
  programs: Record<string, string> = {},
  patience?: number,
): Promise<DockerState> {
  const fake = await fakeDocker(cases);
  try {
    for (const [name, script] of Object.entries(programs)) await fake.add(name, script);
    return await dockerState(fake.env, patience);
  } finally {
    await fake.remove();
  }
}

const noPlugin = `"compose "*) echo "docker: unknown command: docker compose" >&2; exit 1 ;;`;

describe("dockerState", () => {
  test("names the engine and how Compose is called", async () => {
    expect(await stateWith(workingDocker)).toEqual({
      ok: true,
      engine: "27.5.1",
      compose: { file: "docker", args: ["compose"], version: "2.40.3" },
    });
  });

  test("takes docker-compose v2 as a program of its own where the plugin is missing", async () => {
    const state = await stateWith(noPlugin + workingDocker, {
      "docker-compose": `echo "Docker Compose version v2.35.1"`,
    });
    expect(state).toMatchObject({ ok: true, compose: { args: [], version: "2.35.1" } });
  });

  test.each([
    ["there is no client", undefined, "docker-absent"],
    [
      "no engine listens",
      `*) echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; echo '{"Client":{"Version":"28.0.0"},"Server":null}'; exit 1 ;;`,
      "docker-stopped",
    ],
    [
      "the socket belongs to others",
      `*) echo "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock" >&2; exit 1 ;;`,
      "docker-denied",
    ],
    ["the engine says something else", `*) echo "unexpected trouble" >&2; exit 1 ;;`, "docker-fails"],
    ["there is no Compose", noPlugin + workingDocker, "compose-absent"],
  ])("has a clear finding when %s", async (_, cases, reason) => {
    const state = await stateWith(cases);
    expect(state).toMatchObject({ ok: false, reason, problem: { id: reason, severity: "error" } });
    expect(state.ok || state.problem.next).toMatch(/obs up --runtime native/);
  });

  test("refuses docker-compose v1 by name", async () => {
    const state = await stateWith(noPlugin + workingDocker, {
      "docker-compose": `echo "docker-compose version 1.29.2, build unknown"`,
    });
    expect(state).toMatchObject({ ok: false, reason: "compose-v1" });
    expect(state.ok || state.problem.what).toContain("v1");
  });

  test("does not wait for an engine that hangs", async () => {
    const state = await stateWith(`"version"*) exec /bin/sleep 60 ;;${workingDocker}`, {}, 200);
    expect(state).toMatchObject({ ok: false, reason: "docker-hangs" });
  });

  test("keeps what Docker said", async () => {
    const state = await stateWith(`*) echo "unexpected trouble" >&2; exit 1 ;;`);
    expect(state.ok || state.problem.output).toEqual(["unexpected trouble"]);
  });
});

test.each([
  ["v2.40.3", "2.40.3"],
  ["2.29.7-desktop.1", "2.29.7"],
  ["2.20", "2.20"],
  ["dev", undefined],
])("reads the version out of %j", (text, version) => {
  expect(versionIn(text)).toBe(version);
});
