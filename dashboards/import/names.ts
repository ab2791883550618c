/** Hands out names of constants; each once, and none that means something already. */
export function namer(taken: Iterable<string>) {
  const used = new Set([...reserved, ...taken]);
  return (title: string, otherwise: string): string => {
    const base = camelCase(title) || otherwise;
    let name = base;
    for (let at = 2; used.has(name); at++) name = `${base}${at}`;
    used.add(name);
    return name;
  };
}

/** A part of a file's name, of a title. */
export function slugOf(title: string): string {
  return wordsOf(title).join("-").toLowerCase();
}

/** `CPU busy (sys/user)` → `cpuBusySysUser`; empty where there are no letters. */
function camelCase(title: string): string {
  const [first = "", ...rest] = wordsOf(title);
  const name =
    first.toLowerCase() + rest.map((word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()).join("");
  return /^\d/.test(name) ? `n${name}` : name;
}

/** As many as make a readable name, in letters that all keyboards have. */
function wordsOf(title: string): string[] {
  const plain = title.normalize("NFKD").replaceAll(/\p{M}+/gu, "");
  const words = plain.match(/[A-Za-z0-9]+/g) ?? [];
  const lengths = words.map((_, at) => words.slice(0, at + 1).join("").length);
  const fitting = words.filter((_, at) => at === 0 || lengths[at]! <= longest);
  return fitting.map((word) => word.slice(0, longest));
}

const longest = 40;

const reserved = (
  "abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do " +
  "else enum eval export extends false finally for from function get if implements import in infer instanceof interface is keyof " +
  "let module namespace never new null number object of package private protected public readonly require return set static string " +
  "super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield " +
  "Infinity NaN globalThis process console name"
).split(" ");
