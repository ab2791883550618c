import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Pool, type PoolConfig } from "pg";
import { contract } from "../../stack/catalog/contract.js";
import type { Budget } from "../../stack/llm/money-schema.js";
import type { Call, Run, Span } from "../call.js";
import { moneyGauges } from "../costs/gauges.js";
import { normalise } from "../normalise.js";
import type { PriceCall } from "../prices/types.js";
import { Arrivals, writeArrivals } from "./arrivals.js";
import {
  Exemplars,
  metricsContentType,
  metricsText,
  type OwnMetric,
  readSeries,
  type SeriesRows,
} from "./metrics.js";
import { migrate } from "./migrate.js";
import { allowReading } from "./reader-role.js";
import { ledgerServer } from "./server.js";
import { hashUser, Store, type Written } from "./store.js";
import { Twins } from "./twins.js";
import { TryLater, Writer } from "./writer.js";

/** All that a ledger is made of. */
export interface LedgerParts {
  database: PoolConfig;
  price: PriceCall;
  userKey: string;
  readerPassword?: string;
  slowSeconds: number;
  /** What may be spent in a month, by name. */
  budgets: Readonly<Record<string, Budget>>;
  log: Log;
}

/** Where the ledger says what happens. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** Between attempts to reach the database at the start, in ms. */
const retryEvery = 1_000;

/** Sums of days move slowly: how long gauges about money hold, in ms. */
const moneyEvery = 60_000;

/** How often it is written which names arrive, in ms: aside from the calls, which never wait for it. */
const arrivalsEvery = 5_000;

/** For how long after a write that failed it counts as not ready, in ms, unless another succeeds: senders come sooner. */
const refusesFor = 60_000;

/** A running ledger. */
export class Ledger {
  readonly server: Server;
  private readonly pool: Pool;
  private readonly writer: Writer;
  private readonly exemplars: Exemplars;
  private readonly outcomes = new Map<string, number>();
  private readonly arrivals = new Arrivals();
  private readonly twins = new Twins();
  private readonly arrivalsTimer = setInterval(() => void this.writeArrivals(), arrivalsEvery);
  private readonly ending = new AbortController();
  /** Why nothing can be taken yet. */
  private unready: string | undefined = "the database was not reached yet";
  /** The last write, where it failed. */
  private refusal: { why: string; at: number } | undefined;
  private lastSeries: SeriesRows = { calls: [], runs: [] };
  private databaseUp = false;
  private money: { gauges: OwnMetric[]; at: number } = { gauges: [], at: 0 };
  private readonly started: Promise<void>;

  constructor(private readonly parts: LedgerParts) {
    const { database, price, userKey, slowSeconds, log } = parts;
    this.pool = new Pool({
      max: 4,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
      // Ledgers take turns: one that hangs in the middle of a write must not keep the others from theirs.
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      application_name: "obs-ledger",
      ...database,
    });
    // Of connections that nobody uses at the moment: the next query finds out by itself.
    this.pool.on("error", (error) =>
      log("warn", "a connection to the database broke", { error: error.message }),
    );
    // Of one that is used: its query fails, too, and whoever asked knows. Unheard, it would end the process.
    this.pool.on("connect", (client) => client.on("error", () => {}));
    this.exemplars = new Exemplars(slowSeconds);
    const store = new Store(this.pool, price, userKey);
    this.writer = new Writer((batch) => store.write(batch), {
      written: (result) => this.noteWritten(result),
      rejected: (count, error) => {
        this.note("rejected", count);
        log("error", "the database refuses a row; it is given up", { error: error.message });
      },
      failed: (error) => {
        this.refusal = { why: error.message, at: Date.now() };
        log("warn", "nothing could be written; senders try again", { error: error.message });
      },
    });
    this.server = ledgerServer({
      take: (spans) => this.take(spans),
      notReady: () => this.notReady(),
      metrics: () => this.metrics(),
      surprised: (error) =>
        log("error", "a request failed", { error: String((error as Error)?.stack ?? error) }),
    });
    this.started = this.start();
  }

  /** Takes nothing more, ends what was begun, and lets go of the database. */
  async stop(): Promise<void> {
    this.ending.abort();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
    });
    await this.started;
    await this.writer.idle();
    clearInterval(this.arrivalsTimer);
    await this.writeArrivals();
    await this.pool.end();
  }

  /** Brings the tables up to date, however long the database takes to answer. */
  private async start(): Promise<void> {
    const { log, readerPassword } = this.parts;
    let said: string | undefined;
    while (!this.ending.signal.aborted) {
      try {
        await this.pool.query("SELECT");
        this.unready = "the tables are being brought up to date";
        await migrate(this.pool);
        break;
      } catch (error) {
        const message = (error as Error).message;
        if (said !== message) log("warn", "the database can't be used yet", { error: message });
        this.unready = said = message;
        await delay(retryEvery, undefined, { signal: this.ending.signal }).catch(() => {});
      }
    }
    if (this.ending.signal.aborted) return;
    if (readerPassword !== undefined)
      await allowReading(this.pool, readerPassword).catch((error: Error) =>
        log("warn", "the role that dashboards read with could not be set up", { error: error.message }),
      );
    this.unready = undefined;
    log("info", "ready");
  }

  private async take(spans: Iterable<Span>): Promise<{ rejected: number }> {
    if (this.unready !== undefined) throw new TryLater(this.unready);
    const receivedAt = Date.now();
    const calls: Call[] = [];
    const runs: Run[] = [];
    for (const span of spans) {
      const result = normalise(span, receivedAt);
      this.arrivals.add(span, result);
      if ("call" in result) {
        if (this.twins.has(result.call)) this.note("nested", 1);
        else calls.push(result.call);
      } else if ("run" in result) runs.push(result.run);
      else this.note(result.not, 1);
    }
    return this.writer.add({ calls, runs });
  }

  /** What can't be written is let go: it tells about how many came, and never holds calls back. */
  private async writeArrivals(): Promise<void> {
    if (this.unready !== undefined) return;
    await writeArrivals(this.pool, this.arrivals.take()).catch((error: Error) =>
      this.parts.log("warn", "which names arrived could not be written", { error: error.message }),
    );
  }

  private noteWritten(result: Written): void {
    this.refusal = undefined;
    this.exemplars.add(result.billed);
    this.note("billed", result.billed.length);
    this.note("counted", result.runs);
    this.note("nested", result.nested);
    this.note("known", result.known);
  }

  private note(outcome: string, count: number): void {
    if (count > 0) this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
  }

  private async notReady(): Promise<string | undefined> {
    if (this.unready !== undefined) return this.unready;
    if (this.refusal && Date.now() - this.refusal.at < refusesFor)
      return `nothing can be written: ${this.refusal.why}`;
    return this.pool.query("SELECT").then(
      () => undefined,
      (error: Error) => error.message,
    );
  }

  private async metrics(): Promise<{ type: string; text: string }> {
    if (this.unready === undefined) {
      try {
        this.lastSeries = await readSeries(this.pool);
        this.databaseUp = true;
        await this.readMoney();
      } catch {
        // What was true last is better than a gap: a counter that stands still says nothing wrong.
        this.databaseUp = false;
      }
    }
    return {
      type: metricsContentType,
      text: metricsText(this.lastSeries, this.exemplars, [...this.money.gauges, ...this.ownMetrics()]),
    };
  }

  /** Throws what the database says. */
  private async readMoney(): Promise<void> {
    const { budgets, userKey } = this.parts;
    const now = new Date();
    if (now.getTime() - this.money.at < moneyEvery) return;
    const gauges = await moneyGauges(this.pool, {
      budgets,
      now,
      hashUser: (id) => hashUser(userKey, id),
    });
    this.money = {
      gauges: gauges.map(({ name, samples }) => contractGauge(name, samples)),
      at: now.getTime(),
    };
  }

  private ownMetrics(): OwnMetric[] {
    return [
      {
        name: "llm_ledger_spans_total",
        type: "counter",
        help: "Spans that arrived since the ledger was started, by what became of them.",
        samples: [...this.outcomes].map(([outcome, value]) => ({ labels: { outcome }, value })),
      },
      {
        name: "llm_ledger_database_up",
        type: "gauge",
        help: "Whether the database answered when it was last asked.",
        samples: [{ labels: {}, value: this.databaseUp ? 1 : 0 }],
      },
      {
        name: "process_resident_memory_bytes",
        type: "gauge",
        help: "Resident memory size in bytes.",
        samples: [{ labels: {}, value: process.memoryUsage.rss() }],
      },
    ];
  }
}

/** With the words of the metric contract. */
function contractGauge(name: string, samples: OwnMetric["samples"]): OwnMetric {
  const { help } = contract.find((metric) => metric.name === name)!;
  return { name, type: "gauge", help, samples };
}
