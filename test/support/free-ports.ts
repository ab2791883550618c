import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { type PortName, portNames } from "../../stack/ports.js";

// Below the range from which the kernel takes the local ports of outgoing connections (32768 on Linux), so that a
// number found free here isn't handed to some connection before the program under test opens it.
const lowest = 10_000;
const highest = 32_000;

/** Numbers that nothing listens on now, neither TCP nor UDP, on any address; all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (!found.has(port) && (await tcpFree(port)) && (await udpFree(port))) found.add(port);
  }
  return [...found];
}

/** A free number for every port of the stack, to be used as the definition's `ports`. */
export async function freeStackPorts(): Promise<Record<PortName, number>> {
  const numbers = await freePorts(portNames.length);
  return Object.fromEntries(portNames.map((name, at) => [name, numbers[at]])) as Record<PortName, number>;
}

function tcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

function udpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}
