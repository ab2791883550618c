import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Broker } from "../../../llm/demo/services/queue.js";

let server: Server;
let url: string;

beforeAll(async () => {
  const broker = new Broker();
  server = createServer((request, response) => {
    if (!broker.handle(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const put = (queue: string, body: unknown) =>
  fetch(`${url}/queues/${queue}`, { method: "POST", body: JSON.stringify({ headers: { a: "b" }, body }) });
const take = async (queue: string) =>
  (await fetch(`${url}/queues/${queue}`)).json() as Promise<{ body: unknown }>;

test("messages come out with their headers, in the order in which they went in", async () => {
  expect((await put("jobs", 1)).status).toBe(202);
  await put("jobs", 2);
  expect(await take("jobs")).toEqual({ headers: { a: "b" }, body: 1 });
  expect(await take("jobs")).toMatchObject({ body: 2 });
});

test("who waits gets the next message, and nobody else gets it", async () => {
  const first = take("later");
  const other = take("others");
  await put("later", "x");
  await put("others", "y");
  expect(await first).toMatchObject({ body: "x" });
  expect(await other).toMatchObject({ body: "y" });
});

test("other addresses are none of its affair", async () => {
  expect((await fetch(`${url}/incident`)).status).toBe(404);
});
