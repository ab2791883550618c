import type { Runtime } from "../stack/runtime/runtime.js";
import type { ServiceName } from "../stack/services/service.js";
import type { Context } from "./context.js";
import { logPrinter } from "./reporters/logs.js";
import { servicesFrom } from "./service-arguments.js";

/** Prints what the services write that words of the command line name, or all that are present. */
export async function printLogs(
  context: Context,
  asked: { words: readonly string[]; present: ServiceName[]; follow: boolean; tail: number },
  read: Runtime["logs"],
): Promise<void> {
  const { words, present, follow, tail } = asked;
  const named = await servicesFrom(words, present);
  const services = named.length > 0 ? named : present;
  await read({
    services,
    follow,
    tail,
    signal: context.signal,
    onLine: logPrinter(services, {
      color: context.color.stdout,
      prefix: words.length !== 1,
      print: context.print,
    }),
  });
}
