// What the SDK's figures talk to, in a process of its own: the local provider without its waiting, and a collector that
// takes everything. Prints both addresses as JSON, and ends with its standard input.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startProvider } from "../../llm/demo/provider/provider.js";

const provider = await startProvider({ pace: 0, limit: { requests: 1e9, tokens: 1e12 } });
// As a collector does, it keeps connections that are used now and then.
const collector = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  request
    .resume()
    .on("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
});
await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
const { port } = collector.address() as AddressInfo;
console.log(JSON.stringify({ provider: provider.url, collector: `http://127.0.0.1:${port}` }));
process.stdin.resume().on("end", () => process.exit());
