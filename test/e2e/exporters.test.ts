import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { secret } from "../../stack/secret.js";
import { selfSigned } from "../support/certificate.js";
import { verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// What leaves the collector beside the stack's own stores, and who may send to it when a token and TLS guard it.

jest.setTimeout(1_800_000);

/** A destination that takes OTLP over HTTP and remembers what each request was. */
const received: { path: string; headers: IncomingHttpHeaders }[] = [];
let certificate: string;
let destination: Server;
let stack: TestStack;

beforeAll(async () => {
  destination = createServer((request, response) => {
    received.push({ path: request.url ?? "", headers: request.headers });
    request
      .resume()
      .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  await new Promise<void>((resolve) => destination.listen(0, "127.0.0.1", resolve));
  const { port } = destination.address() as AddressInfo;
  const { certificate: pem, key } = await selfSigned();
  certificate = pem;
  stack = await makeTestStack({
    definition: {
      otlp: { token: secret("OTLP_TOKEN"), tls: { certificate: "tls/cert.pem", key: "tls/key.pem" } },
      collector: {
        exporters: {
          lines: { type: "file", name: "telemetry.jsonl" },
          vendor: {
            type: "otlp",
            endpoint: `http://127.0.0.1:${port}`,
            insecure: true,
            headers: { "x-api-key": secret("VENDOR_KEY") },
          },
        },
      },
    },
    files: {
      "tls/cert.pem": pem,
      "tls/key.pem": key,
      ".env": "OTLP_TOKEN=let-me-in\nVENDOR_KEY=for-the-vendor\n",
    },
  });
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(async () => {
  await removeTestStack(stack);
  destination.close();
});

test("obs verify sends with the token over TLS, and everything arrives", async () => {
  const hops = await verified(stack);
  expect(new Set(Object.values(hops))).toEqual(new Set(["passed"]));
});

/** Status of an empty request of traces over TLS, with or without a token. */
function statusWith(token?: string): Promise<number | undefined> {
  const headers = {
    "content-type": "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${stack.ports.otlpHttp}/v1/traces`;
    request(url, { method: "POST", headers, ca: certificate }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end('{"resourceSpans":[]}');
  });
}

test("only who has the token is let in, and only over TLS", async () => {
  expect(await statusWith()).toBe(401);
  expect(await statusWith("wrong")).toBe(401);
  expect(await statusWith("let-me-in")).toBe(200);
  // Go answers clear text on a TLS port with 400, before anything of it is read.
  const clear = await fetch(`http://127.0.0.1:${stack.ports.otlpHttp}/v1/traces`, {
    method: "POST",
    body: "{}",
  });
  expect(clear.status).toBe(400);
});

test("every signal is written as JSON lines", async () => {
  const file = join(stack.folder, ".obs", "data", "otel-collector", "telemetry.jsonl");
  const kinds = await waitFor("a line of every signal", async () => {
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const found = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line) as object)));
    return found.size === 3 && found;
  });
  expect([...kinds].sort()).toEqual(["resourceLogs", "resourceMetrics", "resourceSpans"]);
});

test("another OTLP endpoint is sent every signal, with the secret in its header and in no file", async () => {
  await waitFor("every signal at the other endpoint", () =>
    ["/v1/traces", "/v1/metrics", "/v1/logs"].every((path) => received.some((one) => one.path === path)),
  );
  expect(new Set(received.map(({ headers }) => headers["x-api-key"]))).toEqual(new Set(["for-the-vendor"]));
  const config = await readFile(
    join(stack.folder, ".obs", "config", "otel-collector", "otel-collector.yml"),
    "utf8",
  );
  expect(config).not.toContain("for-the-vendor");
  expect(config).not.toContain("let-me-in");
});
