import pc from "picocolors";
import type { ServiceName } from "../../stack/services/service.js";

/** Prints log lines, each under the name of its service in a colour of its own (unless `prefix` is false). */
export function logPrinter(
  services: readonly ServiceName[],
  { color, prefix, print }: { color: boolean; prefix: boolean; print: (line: string) => void },
): (service: ServiceName, line: string) => void {
  if (!prefix) return (_service, line) => print(line);
  const colors = pc.createColors(color);
  const paints = [colors.cyan, colors.yellow, colors.green, colors.magenta, colors.blue, colors.red];
  const width = Math.max(...services.map((name) => name.length));
  const heads = new Map(
    services.map((name, at) => [name, paints[at % paints.length]!(`${name.padEnd(width)} │`)]),
  );
  return (service, line) => print(`${heads.get(service) ?? service} ${line}`);
}
