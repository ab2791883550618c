import type { Pool } from "pg";
import type { Call, Normalised, Span } from "../call.js";
import { clean } from "../normalise.js";
import { callAttributes, providers, unattributed } from "../semconv.js";
import { type Column, namesOf, parametersOf, unnested } from "./columns.js";
import { keptPart } from "./sampling.js";

/**
 * What is told of a sender. `span`: all its spans. `name`, `unread`: attributes that are read, and those that only look
 * like it. `lack`: what its calls did not say. `doubt`: what was wrong with them. `ignored`: why spans are no calls.
 * `sampled`: spans that stand for several, by the percent that is kept.
 */
export type ArrivalKind = "span" | "name" | "unread" | "lack" | "doubt" | "ignored" | "sampled";

/** What calls may lack. */
export const lacks = ["model", "provider", "known-provider", "usage", "user", "team", "feature"] as const;
export type Lack = (typeof lacks)[number];

interface Sender {
  service: string;
  scope: string;
  /** Spans by kind and name. */
  counts: Map<ArrivalKind, Map<string, number>>;
}

/** More senders, or names of one, are not told of: whoever makes names up fills no memory. */
const mostSenders = 500;
const mostNames = 200;

/** What was not seen for so long is forgotten. */
const keepDays = 30;
/** Once there are so many rows only those that are there are counted on. */
const mostRows = 20_000;

const knownProviders = new Set(Object.values(providers));

/** Counts which names arrive from whom. In memory, a few look-ups a span; what was counted is taken now and then. */
export class Arrivals {
  private senders = new Map<string, Sender>();
  /** Of the resource that was met last: a request has few of them, and many spans of each. */
  private last: { resource?: Span["resource"]; scope?: string; sender?: Sender } = {};

  /** Counts a span and what was made of it. */
  add(span: Span, result: Normalised): void {
    const sender = this.senderOf(span);
    if (sender === undefined) return;
    count(sender, "span", "");
    for (const name of span.attributes.keys()) count(sender, "name", name);
    for (const name of span.resource.keys()) count(sender, "name", name);
    for (const name of span.unread ?? []) count(sender, "unread", name);
    if ("not" in result) count(sender, "ignored", result.not);
    else if ("call" in result) {
      for (const lack of lacksOf(result.call)) count(sender, "lack", lack);
      for (const doubt of result.call.doubts) count(sender, "doubt", doubt);
    }
    const kept = keptPart(span);
    if (kept !== undefined && kept < 1) count(sender, "sampled", String(Math.round(kept * 1e4) / 100));
  }

  /** What was counted since it was last taken, in the order of its key. */
  take(): ArrivalCount[] {
    const { senders } = this;
    this.senders = new Map();
    this.last = {};
    const rows = [...senders.values()].flatMap(({ service, scope, counts }) =>
      [...counts].flatMap(([kind, names]) =>
        [...names].map(([name, spans]) => ({ service, scope, kind, name: clean(name) ?? "", spans })),
      ),
    );
    // Names that only differ in what can't be stored are one.
    const unique = new Map<string, ArrivalCount>();
    for (const row of rows) {
      const key = [row.service, row.scope, row.kind, row.name].join("\n");
      const before = unique.get(key);
      if (before) before.spans += row.spans;
      else unique.set(key, row);
    }
    return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  }

  private senderOf({ resource, scope }: Span): Sender | undefined {
    const { last } = this;
    if (last.resource === resource && last.scope === scope) return last.sender;
    const service = clean(String(resource.get(callAttributes.service.name) ?? "")) ?? unattributed;
    const name = clean(scope) ?? "";
    const key = `${service}\n${name}`;
    let sender = this.senders.get(key);
    if (sender === undefined && this.senders.size < mostSenders) {
      sender = { service, scope: name, counts: new Map() };
      this.senders.set(key, sender);
    }
    this.last = { resource, scope, sender };
    return sender;
  }
}

/** How many spans of a sender there were of a kind, of that name. */
export interface ArrivalCount {
  service: string;
  /** Name of the instrumentation. */
  scope: string;
  kind: ArrivalKind;
  name: string;
  spans: number;
}

function count({ counts }: Sender, kind: ArrivalKind, name: string): void {
  let names = counts.get(kind);
  if (names === undefined) {
    names = new Map();
    counts.set(kind, names);
  }
  const before = names.get(name);
  if (before !== undefined) names.set(name, before + 1);
  else if (names.size < mostNames) names.set(name, 1);
}

function* lacksOf({ requestModel, responseModel, provider, status, totalTokens, user, team, feature }: Call) {
  if (requestModel === null && responseModel === null) yield "model" satisfies Lack;
  if (provider === null) yield "provider" satisfies Lack;
  else if (!knownProviders.has(provider)) yield "known-provider" satisfies Lack;
  // What failed used nothing.
  if (totalTokens === null && status === "ok") yield "usage" satisfies Lack;
  if (user === null) yield "user" satisfies Lack;
  if (team === null) yield "team" satisfies Lack;
  if (feature === null) yield "feature" satisfies Lack;
}

/** The table, small whoever sends. Steps are only ever added. */
export const arrivalMigrations: readonly { name: string; sql: string }[] = [
  {
    name: "0002-arrivals",
    sql: `
-- Which names of attributes arrive from which service and instrumentation, about.
CREATE TABLE llm_arrivals (
  service text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  spans bigint NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (service, scope, kind, name)
);
`,
  },
];

const key: Column<ArrivalCount>[] = [
  ["service", "text", ({ service }) => service],
  ["scope", "text", ({ scope }) => scope],
  ["kind", "text", ({ kind }) => kind],
  ["name", "text", ({ name }) => name],
];
const columns: Column<ArrivalCount>[] = [...key, ["spans", "bigint", ({ spans }) => spans]];

/** Adds what was counted, and forgets who came long ago. Throws what the database says. */
export async function writeArrivals(pool: Pool, counted: readonly ArrivalCount[]): Promise<void> {
  if (counted.length === 0) return;
  await pool.query({
    name: "arrivals",
    text: `WITH forgotten AS (
        DELETE FROM llm_arrivals WHERE last_seen < now() - make_interval(days => ${keepDays})
          AND (${namesOf(key)}) NOT IN (SELECT * FROM ${unnested(key)})
      )
      INSERT INTO llm_arrivals AS kept (${namesOf(columns)}, first_seen, last_seen)
      SELECT ${namesOf(columns)}, now(), now() FROM ${unnested(columns)} AS counted (${namesOf(columns)})
      WHERE (SELECT count(*) FROM llm_arrivals) < ${mostRows}
        OR (${namesOf(key)}) IN (SELECT ${namesOf(key)} FROM llm_arrivals)
      ON CONFLICT (${namesOf(key)}) DO UPDATE
        SET spans = kept.spans + excluded.spans, last_seen = excluded.last_seen`,
    values: parametersOf(columns, counted),
  });
}
