import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askReady, waitUntilReady } from "../../../stack/runtime/readiness.js";

let server: Server;
let url: string;
let answer: (count: number) => { status: number; body: string } | undefined;
let count: number;

beforeEach(async () => {
  count = 0;
  server = createServer((_request, response) => {
    count += 1;
    const given = answer(count);
    if (given) response.writeHead(given.status).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("only an answer of 200 counts as ready", async () => {
  answer = () => ({ status: 200, body: "anything" });
  expect(await askReady(url)).toEqual({ ready: true });
  answer = () => ({ status: 204, body: "" });
  expect(await askReady(url)).toEqual({ ready: false, reason: `answers 204 at ${url}` });
});

test("the program's own first line tells why it is not ready", async () => {
  answer = () => ({ status: 503, body: "Ingester not ready: waiting\nmore\n" });
  expect((await askReady(url)).reason).toBe(`answers 503 (Ingester not ready: waiting) at ${url}`);
});

test("a program that doesn't listen, or listens and says nothing, is not ready", async () => {
  answer = () => undefined;
  expect((await askReady(url, { timeoutMs: 50 })).reason).toBe(`does not answer within 0.05 s at ${url}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect((await askReady(url)).reason).toBe(`does not listen at ${url} yet`);
});

test("waiting goes on until the program is ready", async () => {
  answer = (asked) => ({ status: asked < 4 ? 503 : 200, body: "" });
  expect(await waitUntilReady(url, { timeoutMs: 30_000 })).toEqual({ ready: true });
  expect(count).toBe(4);
});

test("waiting ends with the last answer when the time is up", async () => {
  answer = () => ({ status: 500, body: "never" });
  expect(await waitUntilReady(url, { timeoutMs: 100 })).toEqual({
    ready: false,
    reason: `answers 500 (never) at ${url}`,
  });
});

test("waiting can be aborted", async () => {
  answer = () => ({ status: 503, body: "" });
  const abort = new AbortController();
  const waiting = waitUntilReady(url, { timeoutMs: 30_000, signal: abort.signal });
  abort.abort("SIGINT");
  await expect(waiting).rejects.toBe("SIGINT");
});
