import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { isMapping } from "../../render/merge.js";

/**
 * The keys within an override that a program's message is about, as deep as that can be told; empty where it can't. First by
 * the line of the generated file that it names, else by the keys and values it mentions: of all keys of the override those
 * with most of what stands on the way to them mentioned; of several alike what they have in common. Pure.
 */
export function overrideKeys(
  override: unknown,
  message: string,
  /** The file that the program has read, with the override merged in. */
  generated: string | undefined,
): PropertyKey[] {
  const byLine = generated === undefined ? [] : keysAtLine(generated, message);
  const reached = reachedIn(override, byLine);
  if (reached.length > 0) return reached;
  const candidates = pathsOf(override, []).flatMap((path) => {
    const said = mentionsOn(path, message);
    return said > 0 ? [{ keys: path.keys, said }] : [];
  });
  const most = Math.max(0, ...candidates.map(({ said }) => said));
  const best = candidates.filter(({ said }) => said === most).map(({ keys }) => keys);
  return best.length === 0 ? [] : best.reduce(common);
}

interface Path {
  keys: PropertyKey[];
  /** A text or number that stands there. */
  value?: string;
}

function pathsOf(value: unknown, keys: PropertyKey[]): Path[] {
  const inner: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isMapping(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([key, each]) => {
    const path = [...keys, key];
    const leaf = typeof each === "string" || typeof each === "number";
    return [{ keys: path, ...(leaf && { value: String(each) }) }, ...pathsOf(each, path)];
  });
}

/** How much of a path a message mentions; 0 where its end isn't mentioned. */
function mentionsOn({ keys, value }: Path, message: string): number {
  const named = (key: PropertyKey | undefined) => typeof key === "string" && mentionsKey(message, key);
  const valued = value !== undefined && mentionsValue(message, value);
  if (!named(keys.at(-1)) && !valued) return 0;
  return keys.filter(named).length + (valued ? valueCounts : 0);
}

/** A little less than a key: where something is defined goes before where it is used by its name. */
const valueCounts = 0.9;

/** As a word of its own: `mem_limit` in `services[loki].mem_limit`, not in `soft_mem_limit`. */
function mentionsKey(message: string, key: string): boolean {
  return new RegExp(`(?<![\\w/-])${escaped(key)}(?![\\w/-])`).test(message);
}

/** In quotes, in the frame that programs put around regular expressions, or as a word of its own that isn't too short. */
function mentionsValue(message: string, value: string): boolean {
  const framed = [
    ...['"', "'", "`"].map((quote) => quote + value + quote),
    JSON.stringify(value),
    `^(?s:${value})$`,
    `^(?:${value})$`,
  ];
  if (value !== "" && framed.some((each) => message.includes(each))) return true;
  // A variable that it refers to: `${NAME}`.
  const names = [...value.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
  if (names.some((name) => message.includes(`"${name}"`))) return true;
  return value.length > 2 && mentionsKey(message, value);
}

/** What two paths have in common, from their beginning. */
function common(one: PropertyKey[], other: PropertyKey[]): PropertyKey[] {
  const end = one.findIndex((key, at) => key !== other[at]);
  return end === -1 ? one : one.slice(0, end);
}

/** As far as an override goes along a path. */
function reachedIn(override: unknown, path: readonly PropertyKey[]): PropertyKey[] {
  const reached: PropertyKey[] = [];
  let inner = override;
  for (const key of path) {
    if (typeof inner !== "object" || inner === null || !(key in inner)) break;
    reached.push(key);
    inner = (inner as Record<PropertyKey, unknown>)[key];
  }
  return reached;
}

/** The keys to what begins on the line of a YAML file that a message names (`line 31: cannot unmarshal ...`). */
function keysAtLine(text: string, message: string): PropertyKey[] {
  const lines = new Set([...message.matchAll(/\bline (\d+)\b/g)].map(([, line]) => Number(line)));
  if (lines.size !== 1) return [];
  const [wanted] = lines;
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  let found: PropertyKey[] = [];
  const visit = (node: unknown, path: PropertyKey[]): void => {
    if (isMap(node))
      for (const { key, value } of node.items) {
        if (!isScalar(key) || !key.range) continue;
        const inner = [...path, String(key.value)];
        if (counter.linePos(key.range[0]).line === wanted) found = inner;
        visit(value, inner);
      }
    else if (isSeq(node))
      for (const [at, item] of node.items.entries()) {
        const inner = [...path, at];
        if (isScalar(item) && item.range && counter.linePos(item.range[0]).line === wanted) found = inner;
        visit(item, inner);
      }
  };
  visit(document.contents, []);
  return found;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
