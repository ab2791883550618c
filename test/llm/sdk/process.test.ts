import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../../stack/package-root.js";
import { waitFor } from "../../support/wait-for.js";

// Whole processes that use the SDK, as applications do: how they begin and end, with a collector and without.

const requireForModules =
  'import { createRequire as make } from "node:module"; const require = make(import.meta.url);';

let folder: string;
let collector: Server;
let endpoint: string;
const received: { path: string; body: Buffer; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "obs-sdk-"));
  // As a program of its own: it leaves a helper running in the process that calls it.
  for (const [format, name] of [
    ["esm", "sdk.mjs"],
    ["cjs", "sdk.cjs"],
  ] as const)
    await execa(join(packageRoot, "node_modules", ".bin", "esbuild"), [
      join(packageRoot, "llm", "sdk", "index.ts"),
      `--outfile=${join(folder, name)}`,
      "--bundle",
      `--format=${format}`,
      "--platform=node",
      ...(format === "esm" ? [`--banner:js=${requireForModules}`] : []),
    ]);
  collector = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push({ path: request.url!, body: Buffer.concat(parts), headers: request.headers });
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
beforeEach(() => void received.splice(0));
afterAll(async () => {
  collector.close();
  collector.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program that has the SDK's functions, and tells how it ended. */
async function run(code: string, env: Record<string, string> = {}, kind: "mjs" | "cjs" = "mjs") {
  const names =
    "{ init, traced, agent, tool, log, withContext, inject, extract, observeOpenAI, observeAnthropic }";
  const file = join(folder, `program-${Math.random().toString(36).slice(2)}.${kind}`);
  const head =
    kind === "mjs" ? `import ${names} from "./sdk.mjs";` : `const ${names} = require("./sdk.cjs");`;
  await writeFile(file, `${head}\n${code}\n`);
  return execa(process.execPath, [file], {
    reject: false,
    // What hangs ends by a signal, which no test expects.
    timeout: 30_000,
    killSignal: "SIGKILL",
    cwd: folder,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: "program", ...env },
  });
}

const has = (path: string, text: string) =>
  received.some((each) => each.path === path && each.body.includes(text));

test.each(["mjs", "cjs"] as const)(
  "a program that ends by itself has sent all, with its own exit code (%s)",
  async (kind) => {
    const { exitCode, stderr } = await run(
      `init(); traced("the last span", () => log.info("the last line")); process.exitCode = 7;`,
      { OTEL_EXPORTER_OTLP_HEADERS: "x-token=secret" },
      kind,
    );
    expect([exitCode, stderr]).toEqual([7, ""]);
    expect(has("/v1/traces", "the last span")).toBe(true);
    expect(has("/v1/logs", "the last line")).toBe(true);
    expect(received[0]!.headers["x-token"]).toBe("secret");
  },
);

test.each([
  ["process.exit(9)", 9],
  ["setTimeout(() => { throw new Error('boom') }, 1)", 1],
  ["Promise.reject(new Error('boom'))", 1],
])("a program that ends at once has sent its spans: %s", async (end, code) => {
  const { exitCode, stderr } = await run(`init(); traced("the last span", () => {}); ${end}`);
  expect(exitCode).toBe(code);
  expect(stderr.includes("boom")).toBe(code === 1);
  await waitFor("the span", () => has("/v1/traces", "the last span"));
});

test("a program that is asked to stop sends what it has and ends by that signal", async () => {
  const { signal } = await run(
    `init(); traced("the last span", () => {}); setInterval(() => {}, 1000); process.kill(process.pid, "SIGTERM");`,
  );
  expect(signal).toBe("SIGTERM");
  expect(has("/v1/traces", "the last span")).toBe(true);
});

test("a program that handles the signal itself decides how it ends", async () => {
  const { exitCode } = await run(
    `init(); process.on("SIGTERM", () => process.exit(4)); setInterval(() => {}, 1000); process.kill(process.pid, "SIGTERM");`,
  );
  expect(exitCode).toBe(4);
});

test("without a collector a program works, ends in time, and says once what was lost", async () => {
  const { exitCode, stdout, stderr } = await run(
    `init(); for (let i = 0; i < 20000; i++) traced("span", () => {}); console.log("done");`,
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_LOGS_EXPORTER: "none" },
  );
  expect([exitCode, stdout]).toEqual([0, "done"]);
  expect(stderr.match(/20000 of 20000 spans were lost/g)).toHaveLength(1);
});

test("nonsense in the environment is told, and defaults hold", async () => {
  const { exitCode, stderr } = await run(`init(); traced("span", () => {});`, {
    OTEL_BSP_MAX_QUEUE_SIZE: "many",
    OTEL_TRACES_SAMPLER: "sometimes",
    OTEL_METRICS_EXPORTER: "pigeon",
    OTEL_RESOURCE_ATTRIBUTES: "a=b,,c,=,%%%",
    OTEL_EXPORTER_OTLP_PROTOCOL: "smoke",
    OTEL_LOG_LEVEL: "",
  });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('OTEL_BSP_MAX_QUEUE_SIZE is "many"');
  expect(stderr).toContain('OTEL_TRACES_SAMPLER is "sometimes"');
  expect(stderr).toContain('OTEL_METRICS_EXPORTER is "pigeon"');
  expect(stderr).toContain('OTEL_EXPORTER_OTLP_PROTOCOL is "smoke"');
  expect(has("/v1/traces", "span")).toBe(true);
});

test("an endpoint that is no address is told, and breaks nothing", async () => {
  const { exitCode, stderr } = await run(`init(); traced("span", () => {});`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: "no address at all",
  });
  expect(exitCode).toBe(0);
  expect(stderr).toContain("OTEL_EXPORTER_OTLP_ENDPOINT is not an http address");
});

test("two copies of the SDK in a process begin once", async () => {
  const { exitCode } = await run(`
    const other = await import("./sdk.cjs");
    if (init() !== other.init() || init() !== init()) process.exit(1);
    other.withContext({ team: "search" }, () => traced("span of both", () => {}));
  `);
  expect(exitCode).toBe(0);
  expect(has("/v1/traces", "span of both")).toBe(true);
});

test("switched off, or not begun, it does nothing and costs no exit", async () => {
  for (const code of [`init(); traced("x", () => {});`, `traced("x", () => log.info("x"));`]) {
    const { exitCode, stderr } = await run(code, { OTEL_SDK_DISABLED: "TRUE" });
    expect([exitCode, stderr]).toEqual([0, ""]);
  }
  expect(received).toEqual([]);
});

test("JSON lines go to a file, one a line, and to the standard output", async () => {
  const file = join(folder, "telemetry.jsonl");
  await run(`init(); agent("to a file", () => log.info("a line"));`, { OBS_TELEMETRY_FILE: file });
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  expect(new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))))).toEqual(
    new Set(["resourceSpans", "resourceLogs", "resourceMetrics"]),
  );
  const { stdout } = await run(`init(); traced("to stdout", () => {});`, {
    OTEL_TRACES_EXPORTER: "otlp/stdout",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  });
  expect(JSON.parse(stdout)).toMatchObject({ resourceSpans: [{}] });
  expect(received).toEqual([]);
});
