import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import {
  findTakenPorts,
  parseListeningInodes,
  parseLsof,
  portProblem,
} from "../../../stack/runtime/ports.js";
import { freePorts } from "../../support/free-ports.js";

const claim = (port: number, protocol: "tcp" | "udp" = "tcp", host = "127.0.0.1") => ({
  service: "loki",
  name: "loki",
  address: `${host}:${port}`,
  protocol,
});

test("free ports are no finding, and stay free", async () => {
  const [port] = await freePorts(1);
  const claims = [claim(port!), claim(port!, "udp")];
  expect(await findTakenPorts(claims)).toEqual([]);
  expect(await findTakenPorts(claims)).toEqual([]);
});

test("a taken TCP port names its holder", async () => {
  const [port, other] = await freePorts(2);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port!, "127.0.0.1", resolve));
  const taken = await findTakenPorts([claim(port!), claim(other!)]);
  server.close();
  expect(taken).toEqual([
    { claim: claim(port!), code: "EADDRINUSE", holders: [{ pid: process.pid, command: "node" }] },
  ]);
});

test("a port taken on every address is taken on loopback too", async () => {
  const [port] = await freePorts(1);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port!, resolve));
  const taken = await findTakenPorts([claim(port!)]);
  server.close();
  expect(taken).toMatchObject([{ holders: [{ pid: process.pid }] }]);
});

test("a taken UDP port names its holder, and the TCP port of the same number stays free", async () => {
  const [port] = await freePorts(1);
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(port!, "127.0.0.1", resolve));
  const taken = await findTakenPorts([claim(port!), claim(port!, "udp")]);
  socket.close();
  expect(taken).toMatchObject([{ claim: { protocol: "udp" }, holders: [{ pid: process.pid }] }]);
});

test("the finding says what to change, whoever is in the way", () => {
  const problem = (
    code: string,
    holders: { pid: number; command: string }[] = [],
    protocol: "tcp" | "udp" = "tcp",
  ) => portProblem({ claim: claim(3100, protocol), code, holders }, "obs.config.ts");
  expect(problem("EADDRINUSE", [{ pid: 1, command: "nginx" }])).toEqual({
    id: "port-taken",
    severity: "error",
    what: "loki needs port 3100, which is taken by nginx (process 1).",
    next: "Stop it, or set `ports.loki` to a free one.",
    place: { file: "obs.config.ts", keyPath: "ports.loki" },
  });
  expect(problem("EADDRINUSE", [], "udp").what).toBe(
    "loki needs UDP port 3100, which is taken by another program.",
  );
  expect(problem("EADDRINUSE", [{ pid: 1, command: "docker-proxy" }]).what).toContain(
    "a container's published port",
  );
  expect(problem("EACCES").id).toBe("port-not-allowed");
  expect(problem("EADDRNOTAVAIL").place).toEqual({ file: "obs.config.ts", keyPath: "bind" });
  expect(problem("ENETDOWN").what).toContain("ENETDOWN");
});

test("listening sockets are read from the kernel's table", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:0C1C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1",
    "   1: 0100007F:0C1C 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1",
    "   2: 0100007F:0C1D 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4713 1",
  ].join("\n");
  expect(parseListeningInodes(table, 0x0c1c, "tcp")).toEqual(["4711"]);
  expect(parseListeningInodes(table, 0x0c1d, "udp")).toEqual(["4713"]);
  expect(parseListeningInodes(table, 0x0c1d, "tcp")).toEqual([]);
});

test("what lsof prints is understood", () => {
  expect(parseLsof("p42\ncnginx\nf6\np43\ncnode\n")).toEqual([
    { pid: 42, command: "nginx" },
    { pid: 43, command: "node" },
  ]);
});
