import { parse } from "yaml";
import { isMapping } from "../../render/merge.js";

/** What the runtime needs to know of a Compose file; it may hold services of the user's own (overrides.compose). */
export interface ComposeModel {
  /** Name of the Compose project. */
  name: string;
  services: ComposeService[];
}

/** One service of a Compose file. */
export interface ComposeService {
  name: string;
  /** Undefined where it is built. */
  image: string | undefined;
  /** Runs once and ends, e.g. to prepare a volume. */
  oneShot: boolean;
  /** Addresses it publishes on this machine, `127.0.0.1:9090/tcp`. */
  published: string[];
}

/** Reads the text of a Compose file. Lenient: Compose itself judges it. */
export function readComposeModel(text: string): ComposeModel {
  const document: unknown = parse(text);
  const root = isMapping(document) ? document : {};
  const services = isMapping(root.services) ? root.services : {};
  return {
    name: String(root.name ?? ""),
    services: Object.entries(services).map(([name, value]) => {
      const service = isMapping(value) ? value : {};
      return {
        name,
        image: typeof service.image === "string" ? service.image : undefined,
        oneShot: service.restart === undefined || service.restart === "no",
        published: (Array.isArray(service.ports) ? service.ports : []).flatMap(published),
      };
    }),
  };
}

/** `127.0.0.1:9090:9090` or `[::1]:4317:4317/udp`; the other forms of Compose are none that obs writes. */
function published(entry: unknown): string[] {
  const match = typeof entry === "string" ? /^(.+):(\d+):\d+(?:\/(tcp|udp))?$/.exec(entry) : null;
  return match ? [`${match[1]}:${match[2]}/${match[3] ?? "tcp"}`] : [];
}
