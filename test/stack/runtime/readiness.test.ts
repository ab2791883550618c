import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
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

describe("a PostgreSQL", () => {
  const said = (fields: string) => Buffer.from(`E\0\0\0\0SFATAL\0${fields}\0\0`, "latin1");
  const cases: [string, (socket: Socket) => void, object][] = [
    ["is ready when it asks for a password", (socket) => socket.write("R\0\0\0\x08"), { ready: true }],
    [
      "is not ready while it starts up",
      (socket) => socket.end(said("C57P03\0Mthe database system is starting up")),
      { ready: false, reason: expect.stringMatching(/^starts up or shuts down at postgres:/) },
    ],
    [
      "is ready when it refuses this login only",
      (socket) => socket.end(said("C28000\0Mno such user")),
      { ready: true },
    ],
    [
      "is not ready where only Docker listens, which closes what it can't pass on",
      (socket) => socket.end(),
      { ready: false, reason: expect.stringMatching(/^closes connections at postgres:/) },
    ],
  ];
  test.each(cases)("%s", async (_, reply, wanted) => {
    const played = createTcpServer((socket) => socket.once("data", () => reply(socket)));
    await new Promise<void>((resolve) => played.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = played.address() as AddressInfo;
      expect(await askReady(`postgres://127.0.0.1:${port}`)).toEqual(wanted);
    } finally {
      played.close();
    }
  });

  test("that says nothing is not ready", async () => {
    const played = createTcpServer((socket) => void connections.push(socket));
    const connections: Socket[] = [];
    await new Promise<void>((resolve) => played.listen(0, "127.0.0.1", resolve));
    const address = `postgres://127.0.0.1:${(played.address() as AddressInfo).port}`;
    expect((await askReady(address, { timeoutMs: 50 })).reason).toBe(
      `does not answer within 0.05 s at ${address}`,
    );
    played.close();
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => played.once("close", resolve));
    expect((await askReady(address)).reason).toBe(`does not listen at ${address} yet`);
  });
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
