import type { AttributeValue, Call, Doubt, Normalised, Span, Step } from "./call.js";
import { errorTypeOf } from "./error-type.js";
import { tierNamed } from "./prices/settings.js";
import { type CallTokens, specialTokens } from "./prices/types.js";
import {
  acceptedNames,
  type CallField,
  callAttributes,
  finishReasons,
  type OperationKind,
  operations,
  providers,
  tellingFields,
  tellingScopes,
} from "./semconv.js";

/** A sender's clock may be ahead by this much, in ms, before its word is not taken. */
const skewMs = 5 * 60_000;
/** No model takes or gives more in one call; beyond it a count is a mistake. */
const absurdTokens = 1_000_000_000;
/** Longer than any call of a model, in seconds. */
const absurdLatency = 24 * 3600;
const longestText = 200;
/** Times by a sender's clock outside of these years can't be. */
const firstYear = 2015;
const lastYear = 2099;
/** The month of spans whose time can't be. */
export const undatedMonth = "1970-01-01";

/**
 * What a span is to the ledger: a call of a model, a run that is counted, or neither and why. The same span gives the
 * same answer whenever it arrives, but for `timestamp` where its own time can't be true. Never throws.
 * `receivedAt` is Unix milliseconds.
 */
export function normalise(span: Span, receivedAt: number): Normalised {
  if (!isId(span.traceId, 32) || !isId(span.spanId, 16)) return { not: "invalid-ids" };
  if (!isGenAi(span)) return { not: "not-genai" };
  const operation = operationOf(span);
  if (operation.kind === "other") return { not: "other-operation" };
  const doubts: Doubt[] = [];
  const step = stepOf(span, receivedAt, doubts);
  if (operation.kind === "agent" || operation.kind === "tool")
    return { run: { ...step, kind: operation.kind, tool: text(span, "tool") } };
  return { call: callOf(span, operation.name as Call["operation"], step, doubts) };
}

/** Whether a span is about models, agents or tools at all: the collector's pipeline asks the same question. */
function isGenAi(span: Span): boolean {
  const said = saidBy(span, "attributes");
  return tellingFields.some((field) => said.has(field)) || tellingScopes.includes(span.scope);
}

function operationOf(span: Span): { name: string; kind: OperationKind } {
  const said = text(span, "operation")?.toLowerCase();
  const known = said === undefined ? undefined : operations[said];
  if (known) return known;
  const kind = text(span, "spanKind")?.toLowerCase();
  if (said === undefined && kind !== undefined) return operations[kind] ?? { name: kind, kind: "other" };
  // What calls itself by a name of its own, or by none, is a call when it used tokens of a model, or by its span's name.
  const model = text(span, "requestModel") ?? text(span, "responseModel");
  const used = (["inputTokens", "outputTokens", "totalTokens"] as const).some(
    (field) => find(span, field) !== undefined,
  );
  const named = operationInName(span.name);
  if (model !== null && (used || (said === undefined && named === undefined)))
    return named ?? operations[/embed/i.test(model) ? "embeddings" : "chat"]!;
  return (said === undefined ? named : undefined) ?? { name: said ?? "unknown", kind: "other" };
}

/** `chat gpt-4o` by the conventions, `openai.chat` by OpenLLMetry. */
function operationInName(name: string): { name: string; kind: OperationKind } | undefined {
  const [first = ""] = name.toLowerCase().split(" ", 1);
  return operations[first] ?? operations[first.slice(first.lastIndexOf(".") + 1)];
}

function stepOf(span: Span, receivedAt: number, doubts: Doubt[]): Step {
  const start = new Date(span.startMs);
  const year = start.getUTCFullYear();
  // Not a number fails both comparisons.
  const possible = year >= firstYear && year <= lastYear;
  if (!possible) doubts.push("time-impossible");
  const ahead = possible && span.startMs > receivedAt + skewMs;
  if (ahead) doubts.push("time-ahead");
  // Microseconds: what is finer is lost where times are numbers of milliseconds.
  let latency: number | null = Math.round((span.endMs - span.startMs) * 1000) / 1e6;
  if (!(latency >= 0)) {
    latency = null;
    doubts.push("ends-before-start");
  } else if (latency > absurdLatency) {
    latency = null;
    doubts.push("absurd-latency");
  }
  const providerError = text(span, "errorType") ?? clean(span.exceptionType ?? "");
  const failed = span.failed || providerError !== null;
  const httpStatus = Number(find(span, "httpStatus")?.value);
  return {
    traceId: span.traceId.toLowerCase(),
    spanId: span.spanId.toLowerCase(),
    parentSpanId: isId(span.parentSpanId, 16) ? span.parentSpanId.toLowerCase() : "",
    timestamp: possible && !ahead ? start : new Date(receivedAt),
    month: possible ? `${start.toISOString().slice(0, 7)}-01` : undatedMonth,
    latency,
    status: failed ? "error" : "ok",
    errorType: failed ? errorTypeOf(providerError, httpStatus, span.statusMessage) : null,
    providerError: failed ? providerError : null,
    user: text(span, "user", Number.POSITIVE_INFINITY),
    team: text(span, "team"),
    feature: text(span, "feature"),
    environment: text(span, "environment"),
    service: text(span, "service"),
    agent: text(span, "agent"),
    backfilled: find(span, "backfilled")?.value === true,
  };
}

function callOf(span: Span, operation: Call["operation"], step: Step, doubts: Doubt[]): Call {
  const { tokens, total } = tokensOf(span, operation, doubts);
  const responseId = text(span, "responseId");
  const asked = text(span, "requestModel");
  const responseModel = text(span, "responseModel");
  const requestModel = asked ?? (responseModel === null ? modelInName(span.name) : null);
  // OpenLIT gives the whole duration as the time to the first token where nothing was streamed.
  const streamed = find(span, "stream")?.value !== false;
  let timeToFirstToken = streamed ? seconds(span, "timeToFirstToken") : null;
  if (timeToFirstToken !== null && timeToFirstToken > (step.latency ?? absurdLatency)) {
    timeToFirstToken = null;
    doubts.push("first-token-after-end");
  }
  // Each by its name: V8 makes a table of an object that goes on after a spread, which is slow to make and to read.
  return {
    traceId: step.traceId,
    spanId: step.spanId,
    parentSpanId: step.parentSpanId,
    timestamp: step.timestamp,
    month: step.month,
    latency: step.latency,
    status: step.status,
    errorType: step.errorType,
    providerError: step.providerError,
    user: step.user,
    team: step.team,
    feature: step.feature,
    environment: step.environment,
    service: step.service,
    agent: step.agent,
    backfilled: step.backfilled,
    operation,
    provider: providerOf(text(span, "provider"), requestModel ?? responseModel),
    requestModel,
    responseModel,
    // As usual is how it is served where nobody says anything.
    serviceTier: tierNamed(text(span, "serviceTier")) ?? null,
    tokens,
    totalTokens: total,
    timeToFirstToken,
    promptName: text(span, "promptName"),
    promptVersion: text(span, "promptVersion"),
    finishReason: finishReasonOf(span),
    responseId,
    requestId: text(span, "requestId") ?? responseId,
    reportedCostUsd: decimal(find(span, "reportedCost")?.value),
    doubts,
  };
}

/**
 * Token counts as the conventions want them: cached ones among the input, those of reasoning among the output. Some
 * senders count them beside: seen where a part is larger than the whole.
 */
function tokensOf(
  span: Span,
  operation: Call["operation"],
  doubts: Doubt[],
): { tokens: CallTokens; total: number | null } {
  let input = count(span, "inputTokens", doubts);
  let output = count(span, "outputTokens", doubts);
  const said = count(span, "totalTokens", doubts);
  const cacheRead = part("cacheReadTokens");
  const cacheWrite = part("cacheWriteTokens");
  const reasoning = part("reasoningTokens");
  if (operation === "embeddings") {
    input ??= said;
    output ??= input === null ? null : 0;
  } else if (said !== null) {
    if (input === null && output !== null && said >= output) input = said - output;
    else if (output === null && input !== null && said >= input) output = said - input;
  }
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  if (input !== null && cached > input) {
    input += cached;
    doubts.push("cached-beyond-input");
  }
  if (output !== null && reasoning !== null && reasoning > output) {
    output += reasoning;
    doubts.push("reasoning-beyond-output");
  }
  const known = input !== null || output !== null;
  const total = known ? (input ?? 0) + (output ?? 0) : said;
  if (said !== null && total !== said) add(doubts, "total-differs");
  const tokens: CallTokens = { input, output, cacheRead, cacheWrite, reasoning };
  for (const kind of specialTokens) {
    const count = part(`${kind}Tokens`);
    if (count !== null) tokens.special = { ...tokens.special, [kind]: count };
  }
  return { tokens, total };

  /** Some senders say that a part is none, others say nothing: the same to whoever pays. */
  function part(field: CallField): number | null {
    return count(span, field, doubts) || null;
  }
}

/** A count of tokens; null where it is missing or can't be. */
function count(span: Span, field: CallField, doubts: Doubt[]): number | null {
  const value = find(span, field)?.value;
  if (value === undefined) return null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) {
    add(doubts, "unreadable-tokens");
    return null;
  }
  if (number < 0) {
    add(doubts, "negative-tokens");
    return null;
  }
  if (number > absurdTokens) {
    add(doubts, "absurd-tokens");
    return null;
  }
  if (!Number.isInteger(number)) add(doubts, "fractional-tokens");
  return Math.round(number);
}

function providerOf(said: string | null, model: string | null): string | null {
  if (said !== null) {
    const name = said.toLowerCase();
    return providers[name] ?? name;
  }
  if (model === null) return null;
  return modelFamilies.find(([pattern]) => pattern.test(model))?.[1] ?? null;
}

/** Whose models are called so, for senders that don't say whom they called. */
const modelFamilies: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-|chatgpt-|o\d|text-embedding-|davinci|babbage)/i, "openai"],
  [/^claude-/i, "anthropic"],
  [/^(?:models\/)?gemini-/i, "gcp.gemini"],
  [/^(?:mistral|codestral|ministral|pixtral)-/i, "mistral_ai"],
  [/^command/i, "cohere"],
  [/^deepseek-/i, "deepseek"],
  [/^grok-/i, "x_ai"],
];

/** By the conventions a span is called `{operation} {model}`: some senders leave the model's attribute out of failures. */
function modelInName(name: string): string | null {
  const [first = "", second, ...rest] = name.split(" ");
  return second && rest.length === 0 && operations[first.toLowerCase()] ? clean(second) : null;
}

function finishReasonOf(span: Span): string | null {
  const value = find(span, "finishReasons")?.value;
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "string") return null;
  // Senders without lists write one as text.
  const inList = /^\["([^"]*)"/.exec(first);
  const said = clean(inList ? inList[1]! : first);
  return said === null ? null : (finishReasons[said.toLowerCase()] ?? said.toLowerCase());
}

/** A duration in seconds; null where it is missing or can't be. */
function seconds(span: Span, field: CallField): number | null {
  const found = find(span, field);
  if (found === undefined) return null;
  const number = Number(found.value);
  if (!Number.isFinite(number) || number < 0) return null;
  return found.unit === "ms" ? number / 1000 : number;
}

/** Decimal digits of an amount; null where it is none. OpenLIT says 0 where it knows no price. */
function decimal(value: AttributeValue | undefined): string | null {
  if (Number(value) === 0) return null;
  if (typeof value === "string") return /^\d{1,15}(\.\d{1,18})?$/.test(value) ? value : null;
  return typeof value === "number" && value >= 0 && value < 1e15
    ? value.toFixed(12).replace(/\.?0+$/, "")
    : null;
}

/** Text of a field, cut to what is worth keeping; null where nothing was said. */
function text(span: Span, field: CallField, longest = longestText): string | null {
  const value = find(span, field)?.value;
  return typeof value === "object" || value === undefined ? null : clean(String(value), longest);
}

/** Without what PostgreSQL can't store (NUL, halves of a pair) or nobody should read in a terminal. */
export function clean(value: string, longest = longestText): string | null {
  // Only the beginning is looked at: an attribute may be a megabyte.
  const head = value.length > longest ? value.slice(0, longest) : value;
  const plain = (/^[ -~]*$/.test(head) ? head : head.replace(/[\p{Cc}\p{Cs}]/gu, " ")).trim();
  return plain === "" ? null : plain;
}

/** What is said of a field, among a span's own attributes before those of its resource. */
function find(span: Span, field: CallField): Said | undefined {
  return saidBy(span, "attributes").get(field) ?? saidBy(span, "resource").get(field);
}

/** A value under one of the names of a field. */
interface Said {
  value: AttributeValue;
  unit?: string;
  /** How many names are trusted more. */
  rank: number;
}

/** Of each name that is read: which field it means, and how many of its names are trusted more. */
const meanings = new Map(
  (Object.keys(callAttributes) as CallField[]).flatMap((field) =>
    acceptedNames(field).map(({ name, unit }, rank) => [name, { field, unit, rank }] as const),
  ),
);

/** What was made last of a span's attributes, and of its resource's, which many spans share. */
const last: Record<"attributes" | "resource", { of?: Span["attributes"]; said: Map<CallField, Said> }> = {
  attributes: { said: new Map() },
  resource: { said: new Map() },
};

function saidBy(span: Span, where: "attributes" | "resource"): Map<CallField, Said> {
  const attributes = span[where];
  if (last[where].of !== attributes) last[where] = { of: attributes, said: meantBy(attributes) };
  return last[where].said;
}

/** By field, the value under its most trusted name that has one. */
function meantBy(attributes: Span["attributes"]): Map<CallField, Said> {
  const said = new Map<CallField, Said>();
  for (const [name, value] of attributes) {
    const meaning = meanings.get(name);
    if (meaning === undefined || value === "") continue;
    const { field, unit, rank } = meaning;
    // OpenLIT's word for an application and an environment that nobody named, on each span.
    if (value === "default" && callAttributes[field].on === "resource") continue;
    const other = said.get(field);
    if (other === undefined || rank < other.rank) said.set(field, { value, unit, rank });
  }
  return said;
}

function isId(text: string, digits: number): boolean {
  return text.length === digits && /^[0-9a-f]+$/i.test(text) && !/^0+$/.test(text);
}

function add(doubts: Doubt[], doubt: Doubt): void {
  if (!doubts.includes(doubt)) doubts.push(doubt);
}
