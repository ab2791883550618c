import { type AddressInfo, createServer } from "node:net";

/** A TCP port of loopback that nothing listens on now. Rejects with what `listen` says. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
