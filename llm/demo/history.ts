import { setTimeout as delay } from "node:timers/promises";
import { type CallField, callAttributes, emittedName, operationNames } from "../semconv.js";
import { guardModel, longestAnswer, type ModelRef, promptVersion } from "./features.js";
import { type Conversation, nextConversation } from "./people.js";
import { lengthOf, modelFor, timing } from "./provider/behaviour.js";
import { logNormal, type Random, seeded } from "./provider/random.js";
import { tokensIn } from "./provider/text.js";
import { type DemoService, usualPace } from "./settings.js";

/** Conversations of a working day: what half an hour of the demo has at its usual rate. */
const ofADay = 900;
/** Share of them that is left on Saturdays and Sundays. */
const ofAWeekend = 0.3;
/** Tokens of instructions, and of what a provider has of them in its cache. */
const instructions = { all: 1_150, cached: 1_024 };
/** Tokens of the documents that an answer rests on. */
const documents = 560;
/** Share of calls that fail. */
const failing = 0.003;
/** Calls of a model in a run of the agent. */
const agentCalls = 7;
const dayMs = 24 * 3_600_000;

/** Spans in one request. */
const batch = 2_000;

/** A span as OTLP's JSON has it. */
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: object[];
  status: { code?: number };
}

type Calls = { service: DemoService; span: OtlpSpan }[];

/**
 * Sends the calls of so many past days, and of today up to now, to a ledger's intake: what reports compare today with. The
 * same day and seed give the same spans, which the ledger counts once however often they are sent. Waits for a ledger
 * that isn't ready yet. Throws Error where it refuses them.
 */
export async function sendHistory(
  ledger: string,
  { days, seed, now }: { days: number; seed: number; now: number },
): Promise<void> {
  const today = Math.floor(now / dayMs) * dayMs;
  for (let day = days; day >= 0; day--) {
    const calls = callsOfDay(today - day * dayMs, seed).filter(
      ({ span }) => Number(BigInt(span.endTimeUnixNano) / 1_000_000n) < now,
    );
    for (let at = 0; at < calls.length; at += batch) await send(ledger, calls.slice(at, at + batch));
  }
}

/** All calls of a day that cost something worth telling; `day`: its midnight in UTC, Unix milliseconds. */
export function callsOfDay(day: number, seed: number): Calls {
  const random = seeded(seed, "history", day);
  const weekend = [0, 6].includes(new Date(day).getUTCDay());
  const conversations = Math.round(ofADay * logNormal(random, weekend ? ofAWeekend : 1, 0.25));
  return Array.from({ length: conversations }, () => {
    // Most come around noon.
    const at = day + ((random() + random() + random()) / 3) * dayMs;
    return callsOf(nextConversation(random, "none"), at, random);
  }).flat();
}

function callsOf(conversation: Conversation, begun: number, random: Random): Calls {
  const { feature, text } = conversation;
  const traceId = hexFrom(random, 32);
  const calls: Calls = [];
  let at = begun;
  const make = (service: DemoService, { name, took, parent = "", ...rest }: Made): OtlpSpan => {
    const span = spanOf(conversation, { name, traceId, parent, random, from: at, took, ...rest });
    calls.push({ service, span });
    return span;
  };
  const ask = (service: DemoService, ref: ModelRef, input: number, longest: number, parent?: OtlpSpan) => {
    const answered = callOf(ref, input, longest, random);
    make(service, {
      name: `${operationNames.chat} ${ref.pinned}`,
      parent: parent?.spanId,
      ...answered,
      fields: { ...answered.fields, ...(parent && { agent: feature.agent! }) },
    });
    at += answered.took * 1000;
  };
  ask("demo-gateway", guardModel, 30 + Math.min(500, tokensIn(text)), 4);
  const input = instructions.all + tokensIn(text) + (feature.retrieves ? documents : 0);
  const [model] = feature.models;
  if (!feature.agent) {
    ask("demo-llm", model, input, longestAnswer);
    return calls;
  }
  const run = make("demo-agent", {
    name: `${operationNames.invokeAgent} ${feature.agent}`,
    took: 0,
    fields: { operation: operationNames.invokeAgent, agent: feature.agent },
  });
  for (let call = 0; call < agentCalls; call++) ask("demo-agent", model, input, longestAnswer, run);
  run.endTimeUnixNano = nanos(at);
  return calls;
}

/** What one call used, and how long it took in seconds. */
function callOf(ref: ModelRef, input: number, longest: number, random: Random) {
  const model = modelFor(ref.model);
  const { first, each } = timing(model, "none", random);
  const failed = random() < failing;
  const answer = lengthOf(model, "none", longest, random);
  const reasoning = model.reasons ? Math.round(answer * (0.5 + random())) : 0;
  const output = answer + reasoning;
  const fields: Fields = {
    operation: operationNames.chat,
    provider: ref.provider,
    requestModel: ref.pinned,
    promptVersion,
    ...(failed
      ? { errorType: "server_error", httpStatus: 500 }
      : {
          inputTokens: input,
          outputTokens: output,
          ...(input > instructions.cached && { cacheReadTokens: instructions.cached }),
          ...(reasoning > 0 && { reasoningTokens: reasoning }),
          httpStatus: 200,
        }),
  };
  return { took: (first + (failed ? 0 : output * each)) * usualPace, fields, failed };
}

type Fields = Partial<Record<CallField, string | number>>;

interface Made {
  name: string;
  /** Seconds. */
  took: number;
  fields: Fields;
  parent?: string | undefined;
  failed?: boolean;
}

function spanOf(
  { feature, user, id }: Conversation,
  {
    name,
    traceId,
    parent,
    random,
    from,
    took,
    fields,
    failed,
  }: Made & {
    traceId: string;
    random: Random;
    from: number;
  },
): OtlpSpan {
  const all: Fields = { ...fields, user, team: feature.team, feature: feature.name, conversation: id };
  return {
    traceId,
    spanId: hexFrom(random, 16),
    parentSpanId: parent ?? "",
    name,
    kind: name.startsWith(operationNames.invokeAgent) ? 1 : 3,
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(from + took * 1000),
    attributes: [
      ...Object.entries(all).map(([field, value]) => ({
        key: emittedName(field as CallField),
        value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
      })),
      { key: emittedName("backfilled"), value: { boolValue: true } },
    ],
    status: failed ? { code: 2 } : {},
  };
}

function hexFrom(random: Random, length: number): string {
  return Array.from({ length: length / 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
}

function nanos(ms: number): string {
  return `${BigInt(Math.round(ms * 1000)) * 1000n}`;
}

async function send(ledger: string, calls: Calls): Promise<void> {
  const services = new Set(calls.map(({ service }) => service));
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const body = JSON.stringify({
    resourceSpans: [...services].map((service) => ({
      resource: {
        attributes: [
          attribute(callAttributes.service.name, service),
          attribute(callAttributes.environment.name, "production"),
        ],
      },
      scopeSpans: [
        {
          scope: { name: "obs-stack/demo" },
          spans: calls.filter((call) => call.service === service).map(({ span }) => span),
        },
      ],
    })),
  });
  const headers = { "content-type": "application/json" };
  for (;;) {
    // It may be starting, or starting again.
    const answer = await fetch(`${ledger}/v1/traces`, { method: "POST", headers, body }).catch(
      () => undefined,
    );
    const said = await answer?.text().catch(() => "");
    if (answer?.ok) return;
    if (answer && answer.status < 500) throw new Error(`the ledger answers ${answer.status}: ${said}`);
    await delay(1_000);
  }
}
