/** Makes content fit to be kept: masked and short. */
export type Redact = (value: unknown) => string;

/** Characters of one piece of text, and of all of an attribute. */
const longestText = 2_000;
const longestValue = 16_000;
/** Messages from the end on: the first ones of a long conversation are in the traces of its earlier calls. */
const mostMessages = 50;

/** What must not be kept whatever was asked for: addresses, card numbers, keys. */
const secrets: readonly RegExp[] = [
  /[a-zA-Z0-9._%+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63}){0,8}\.[a-zA-Z]{2,24}/g,
  /\b(?:\d[ -]?){13,19}\b/g,
  /\b(?:sk|pk|rk)-[a-zA-Z0-9_-]{16,}/g,
  /\bBearer\s+[a-zA-Z0-9._~+/=-]{16,}/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[a-zA-Z0-9_-]{8,}\.[a-zA-Z0-9_-]{8,}\.[a-zA-Z0-9_-]{8,}/g,
];

/** Masks secrets in a text and cuts it. */
export function redacted(text: string, longest = longestText): string {
  // Cut first, with room for a secret at the edge: patterns never run over a megabyte.
  let cut = text.slice(0, longest + 200);
  for (const pattern of secrets) cut = cut.replace(pattern, "[redacted]");
  return text.length > longest || cut.length > longest ? `${cut.slice(0, longest)}…` : cut;
}

/** The JSON of messages, each text masked and cut, and the whole bounded. */
export const redactContent: Redact = (value) => {
  const recent = Array.isArray(value) && value.length > mostMessages ? value.slice(-mostMessages) : value;
  const json = JSON.stringify(masked(recent, 0)) ?? "";
  return json.length > longestValue ? `${json.slice(0, longestValue)}…` : json;
};

function masked(value: unknown, depth: number): unknown {
  if (typeof value === "string") return /^data:[^,]{0,100};base64,/.test(value) ? "[data]" : redacted(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 12) return "…";
  if (Array.isArray(value)) return value.slice(0, 100).map((each) => masked(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 100)
      .map(([name, each]) => [name, masked(each, depth + 1)]),
  );
}
