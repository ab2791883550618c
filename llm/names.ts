import type { Client } from "pg";
import type { Problem } from "../stack/validate/problem.js";
import type { ArrivalKind, Lack } from "./ledger/arrivals.js";
import { acceptedNames, type CallField, callAttributes, type Origin } from "./semconv.js";

/** Which names arrive from a service, by one instrumentation. Counts are about: they are kept aside from the calls. */
export interface SenderNames {
  service: string;
  /** Name of the instrumentation; empty where it gives none. */
  instrumentation: string;
  spans: number;
  firstSeen: Date;
  lastSeen: Date;
  /** Attributes that are read, the most frequent first. */
  names: ArrivedName[];
  /** Attributes that look like those of calls of models, and are not read. */
  unread: { name: string; spans: number }[];
  /** What its calls did not say. */
  lacks: { what: Lack; spans: number }[];
  /** What was wrong with its calls. */
  doubts: { what: string; spans: number }[];
  /** Why spans are no calls. */
  ignored: { why: string; spans: number }[];
  /** Percent of its spans that it keeps, lately, by its own word; null where it keeps all or doesn't say. */
  keptPercent: number | null;
}

/** A name that is read, and what it is taken for. */
export interface ArrivedName {
  name: string;
  /** See llm/semconv.ts; null of what says how the sender samples. */
  field: CallField | null;
  origin: Origin | null;
  spans: number;
  lastSeen: Date;
}

/** For so long what a sender said of its sampling holds, in ms. */
const sampledFor = 24 * 3_600_000;

interface Row {
  service: string;
  scope: string;
  kind: ArrivalKind;
  name: string;
  spans: string;
  first_seen: Date;
  last_seen: Date;
}

/** All senders of the last 30 days, the busiest first. Throws what the database says. */
export async function arrivedNames(client: Client, now = new Date()): Promise<SenderNames[]> {
  const { rows } = await client.query<Row>("SELECT * FROM llm_arrivals ORDER BY spans DESC, name");
  const senders = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.service}\n${row.scope}`;
    const own = senders.get(key);
    if (own) own.push(row);
    else senders.set(key, [row]);
  }
  return [...senders.values()]
    .map((own) => senderOf(own, now))
    .sort((one, other) => other.spans - one.spans || (one.service < other.service ? -1 : 1));
}

function senderOf(rows: readonly Row[], now: Date): SenderNames {
  const of = (kind: ArrivalKind) => rows.filter((row) => row.kind === kind);
  const counted = (kind: ArrivalKind) => of(kind).map(({ name, spans }) => ({ name, spans: Number(spans) }));
  const { service, scope } = rows[0]!;
  const sampled = of("sampled").filter(({ last_seen }) => now.getTime() - last_seen.getTime() < sampledFor);
  return {
    service,
    instrumentation: scope,
    spans: of("span").reduce((sum, { spans }) => sum + Number(spans), 0),
    firstSeen: new Date(Math.min(...rows.map(({ first_seen }) => first_seen.getTime()))),
    lastSeen: new Date(Math.max(...rows.map(({ last_seen }) => last_seen.getTime()))),
    names: of("name").map(({ name, spans, last_seen }) => ({
      name,
      field: meanings.get(name)?.field ?? null,
      origin: meanings.get(name)?.origin ?? null,
      spans: Number(spans),
      lastSeen: last_seen,
    })),
    unread: counted("unread"),
    lacks: counted("lack").map(({ name, spans }) => ({ what: name as Lack, spans })),
    doubts: counted("doubt").map(({ name, spans }) => ({ what: name, spans })),
    ignored: counted("ignored").map(({ name, spans }) => ({ why: name, spans })),
    keptPercent: sampled.length === 0 ? null : Math.min(...sampled.map(({ name }) => Number(name))),
  };
}

const meanings = new Map(
  (Object.keys(callAttributes) as CallField[]).flatMap((field) =>
    acceptedNames(field).map(({ name, origin }) => [name, { field, origin }] as const),
  ),
);

/** Senders of whom the ledger sees too little or too much. `metricsOnly` are the services that are to send no spans. */
export function senderProblems(
  senders: readonly SenderNames[],
  metricsOnly: readonly string[] = [],
): Problem[] {
  return [
    ...senders.flatMap(({ service, keptPercent }) =>
      keptPercent === null ? [] : [sampledProblem(service, keptPercent)],
    ),
    ...[...new Set(senders.map(({ service }) => service))]
      .filter((service) => metricsOnly.includes(service))
      .map(countedTwice),
    ...senders.flatMap((sender) => [...silentProblems(sender)]),
  ];
}

/** A service that drops spans before it sends them. */
export function sampledProblem(service: string, keptPercent: number): Problem {
  return {
    id: "sender-samples",
    severity: "warning",
    what: `${service} samples before it sends: the ledger sees about ${keptPercent} % of its calls.`,
    why: "Its spans say so. What is dropped there is in no cost, no budget and no metric of calls.",
    next: `Start ${service} with OTEL_TRACES_SAMPLER=parentbased_always_on: the stack samples traces itself, after their calls are billed.`,
  };
}

function countedTwice(service: string): Problem {
  return {
    id: "counted-twice",
    severity: "warning",
    what: `${service} sends spans of its calls, and its own metrics of them count, too.`,
    why: "It stands in llm.metricsOnlyServices, which is for services that send no spans: its calls count twice in llm_* metrics.",
    next: `Take ${service} out of llm.metricsOnlyServices.`,
  };
}

function* silentProblems({ service, lacks, spans, unread }: SenderNames): Generator<Problem> {
  const silent = lacks.filter(
    ({ what, spans: count }) => ["model", "usage"].includes(what) && count * 2 > spans,
  );
  for (const { what, spans: count } of silent)
    yield {
      id: what === "model" ? "calls-without-model" : "calls-without-usage",
      severity: "warning",
      what: `${count} of ${spans} spans of ${service} name no ${what === "model" ? "model" : "tokens"} under a name that is read.`,
      why:
        unread.length > 0
          ? `Without them they have no price. Not read are: ${unread
              .slice(0, 8)
              .map(({ name }) => name)
              .join(", ")}.`
          : "Without them they have no price.",
      next: `Set ${what === "model" ? callAttributes.requestModel.name : `${callAttributes.inputTokens.name} and ${callAttributes.outputTokens.name}`} on the spans of ${service}.`,
    };
}
