import { join } from "node:path";
import type { AlertRule } from "../alerting/define-rules.js";
import { neededRules, rulesOf } from "../alerting/test/subset.js";
import { parseDuration } from "../duration.js";
import { localAddress } from "../render/address.js";
import { drillLabel, ownReceivers } from "../services/names.js";
import { AskError, askJson } from "../verify/ask.js";
import { HopFailure } from "../verify/failure.js";
import { poll } from "../verify/poll.js";
import type { HopRun, StartedHop } from "../verify/run-hop.js";
import type { NotifiedAlert, Webhook } from "../verify/webhook.js";
import type { DrillContext } from "./context.js";
import type { Exercise, Moment } from "./exercise.js";
import { alertsOf, deleteSeries, rangeQuery, writeSeries } from "./prometheus-data.js";
import { type SecondPrometheus, startSecondPrometheus } from "./second-prometheus.js";
import { datedSeries } from "./series.js";

/** Series are written this far (ms) beyond now, so that the breach lasts while it is looked at. */
const goesOnFor = 5 * 60_000;

/** Marks the series of the recovery: what was deleted can't be written again. */
const recoveryLabel = "obs_drill_recovery";

/** What one alert's drill needs beside what all share. */
export interface AlertDrill {
  exercise: Exercise;
  /** The rule file that the alert is in. */
  file: { name: string; text: string };
  /** Folder of its own Prometheus; absolute. */
  folder: string;
  webhook: Webhook;
}

/**
 * Follows one alert from the breach to the webhook and back, hop by hop. Its own Prometheus has the unmodified rules; `for`
 * passes by telling it, before it is started again, since when the alert has been pending.
 */
export async function drillAlert(context: DrillContext, run: HopRun, drill: AlertDrill): Promise<void> {
  const { rule, title: subject, breach, recovery } = drill.exercise;
  const { name } = rule;
  const waits = (parseDuration(rule.for ?? "0") ?? 0) > 0;
  const prometheus = new OneAtATime(context, drill);
  const hop = <T>(
    id: string,
    title: string,
    needs: StartedHop<unknown>[],
    work: () => Promise<{ detail?: string; value: T }>,
  ) => run.start(`${id}:${subject}`, `${subject}: ${title}`, needs, () => told(context, work));
  try {
    const written = hop("breach", "breached", [], async () => {
      const { url } = await prometheus.start({ notify: !waits });
      const series = await write(context, url, breach, {});
      const records = await writeRecords(context, url, drill.exercise);
      const detail = [`${series} series`, ...(records > 0 ? [`${records} recorded`] : [])].join(", ");
      return { value: undefined, detail };
    });
    const pending = hop("pending", "pending", [written], async () => {
      const alerts = await seek(context, rule, () => alertsOf(prometheus.url, name, context.signal));
      return { value: alerts, detail: shownLabels(alerts[0]!.labels) };
    });
    const firing = hop("firing", waits ? `firing, ${rule.for} later` : "firing", [pending], async () => {
      if (waits) {
        const since = Date.now() / 1000 - parseDuration(rule.for!)! / 1000 - 60;
        await writeSeries(
          prometheus.url,
          (await pending.result)!.value.map(({ labels }) => ({
            labels: { __name__: "ALERTS_FOR_STATE", ...labels },
            samples: [[Date.now(), Math.floor(since)]],
          })),
          context.signal,
        );
        await prometheus.start({ notify: true });
      }
      await seek(context, rule, async () =>
        (await alertsOf(prometheus.url, name, context.signal)).filter(({ state }) => state === "firing"),
      );
      return { value: undefined };
    });
    const grouped = hop("grouped", "grouped, kept from people", [firing], async () => ({
      value: undefined,
      detail: await keptApart(context, name),
    }));
    const delivered = hop("delivered", "delivered", [grouped], () => arrival(context, drill, "firing"));
    const resolved = hop("resolved", "resolved", [delivered], async () => {
      await deleteSeries(prometheus.url, `{${recoveryLabel}=""}`, context.signal);
      if (recovery) await write(context, prometheus.url, recovery, { [recoveryLabel]: "1" });
      const keeps = parseDuration(rule.keepFiringFor ?? "0") ?? 0;
      // Nobody waits for that: what isn't heard of any more, Alertmanager resolves.
      if (keeps > 0) await prometheus.stop();
      const { value } = await arrival(context, drill, "resolved");
      return {
        value,
        ...(keeps > 0 && { detail: `without waiting for keep_firing_for (${rule.keepFiringFor})` }),
      };
    });
    // Aborted, the last one rejects while another still starts a program: all of them have ended before the clean-up.
    await Promise.allSettled(
      [written, pending, firing, grouped, delivered, resolved].map(({ result }) => result),
    );
    await resolved.result;
  } finally {
    await prometheus.stop();
  }
}

/** The drill's Prometheus, which is started again with what it stored. */
class OneAtATime {
  private current: SecondPrometheus | undefined;

  constructor(
    private readonly context: DrillContext,
    private readonly drill: AlertDrill,
  ) {}

  get url(): string {
    return this.current!.url;
  }

  async start({ notify }: { notify: boolean }): Promise<SecondPrometheus> {
    await this.stop();
    const { stack, runtime, id, signal } = this.context;
    const { file, folder } = this.drill;
    this.current = await startSecondPrometheus({
      stack,
      runtime,
      folder,
      rules: [file],
      drill: id,
      notify,
      signal,
    });
    return this.current;
  }

  async stop(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.stop();
  }
}

async function write(
  { signal }: DrillContext,
  url: string,
  { series, interval, at }: Moment,
  labels: Record<string, string>,
): Promise<number> {
  const now = Date.now();
  const dated = datedSeries(series, {
    ...(interval !== undefined && { interval }),
    at,
    now,
    until: now + goesOnFor,
  });
  await writeSeries(
    url,
    dated.map((each) => ({ ...each, labels: { ...each.labels, ...labels } })),
    signal,
  );
  return dated.length;
}

/**
 * Writes what the records that the alert reads held in the past: its own Prometheus has only begun to evaluate them. Gives
 * how many series they are.
 */
async function writeRecords({ signal }: DrillContext, url: string, exercise: Exercise): Promise<number> {
  const { rule, group, pack, breach } = exercise;
  const all = rulesOf([pack]);
  const wanted = all.find((each) => each.rule === rule && each.group === group);
  if (!wanted) return 0;
  const now = Date.now();
  const step = parseDuration(breach.interval ?? "1m")!;
  let written = 0;
  // In the order of evaluation: one may read another.
  for (const { rule: record } of neededRules(wanted, all, breach.series)) {
    if (record.kind !== "record") continue;
    const past = await rangeQuery(url, record.expr, { from: now - breach.at, to: now - 1, step }, signal);
    await writeSeries(
      url,
      past.map(({ labels, samples }) => ({
        labels: { ...labels, ...record.labels, __name__: record.name },
        samples,
      })),
      signal,
    );
    written += past.length;
  }
  return written;
}

/** Waits until a list has something in it. */
async function seek<T>(
  { signal, limitMs }: DrillContext,
  { name }: AlertRule,
  ask: () => Promise<T[]>,
): Promise<T[]> {
  const { found } = await poll(
    async () => {
      const list = await ask();
      return list.length > 0 ? list : undefined;
    },
    { signal, limitMs },
  );
  if (found) return found;
  throw new HopFailure({
    what: `${name} stays quiet though its series breach it.`,
    why: "Its rule was evaluated with the series of its case in which it fires, at the time at which it fires there.",
    next: `Run \`obs test ${name}\`; a case that uses records of other packs can't be drilled.`,
    suspects: [],
  });
}

interface HeldAlert {
  labels: Record<string, string>;
  receivers: { name: string }[];
  status: { state: "active" | "suppressed" | "unprocessed"; silencedBy: string[]; inhibitedBy: string[] };
}

/** That Alertmanager has the alert, for the drill's receiver and no other, and sends it. */
async function keptApart(context: DrillContext, name: string): Promise<string> {
  const { stack, id, signal, limitMs } = context;
  const query = [`${drillLabel}="${id}"`, `alertname="${name}"`]
    .map((filter) => `filter=${encodeURIComponent(filter)}`)
    .join("&");
  const url = `http://${localAddress(stack, "alertmanager")}/api/v2/alerts?${query}`;
  const { found, lastError } = await poll(
    async (within) => {
      const alerts = (await askJson<HeldAlert[]>(url, within)) ?? [];
      return alerts.length > 0 && alerts.every(({ status }) => status.state !== "unprocessed")
        ? alerts
        : undefined;
    },
    { signal, limitMs },
  );
  if (!found)
    throw new HopFailure({
      what: "Alertmanager has not got the alert.",
      ...(lastError instanceof AskError && { why: `alertmanager ${lastError.message}.` }),
      next: "Look at `obs status` and `obs logs alertmanager`.",
      suspects: ["alertmanager"],
    });
  const others = new Set(found.flatMap(({ receivers }) => receivers.map((receiver) => receiver.name)));
  others.delete(ownReceivers.drill);
  if (others.size > 0)
    throw new HopFailure({
      what: `The drill's alert also goes to ${[...others].join(", ")}.`,
      why: "Alertmanager's first route should keep whatever carries the label `drill` from everybody else.",
      next: "Look at overrides.alertmanager.route, then run `obs up`.",
      suspects: [],
    });
  const silenced = found.find(({ status }) => status.state === "suppressed");
  if (silenced)
    throw new HopFailure({
      what:
        silenced.status.silencedBy.length > 0
          ? "A silence holds the drill's alert back."
          : "An inhibition holds the drill's alert back.",
      next:
        silenced.status.silencedBy.length > 0
          ? "`obs silence list` shows it; drill again when it has expired."
          : "Another alert of the same drill inhibits it: drill it by itself.",
      suspects: [],
    });
  return `${found.length} ${found.length === 1 ? "alert" : "alerts"}, receiver ${ownReceivers.drill}`;
}

async function arrival(
  { id, signal, limitMs }: DrillContext,
  { exercise, webhook }: AlertDrill,
  status: NotifiedAlert["status"],
): Promise<{ value: undefined }> {
  const { name } = exercise.rule;
  const arrived = await webhook.waitFor(
    (alert) => alert.status === status && alert.labels[drillLabel] === id && alert.labels.alertname === name,
    { signal, limitMs },
  );
  if (arrived) return { value: undefined };
  throw new HopFailure({
    what: `No notification came that ${name} is ${status}.`,
    why: `The webhook of the drill was open for ${Math.round(limitMs / 1000)} s.`,
    next: "Look at `obs logs alertmanager`.",
    suspects: ["alertmanager"],
  });
}

/** What can't be asked is a failure of the hop, not of the program. */
async function told<T>({ signal }: DrillContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AskError)) throw error;
    throw new HopFailure({
      what: "The drill's own Prometheus does not do what it is asked.",
      why: `It ${error.message}.`,
      next: "Run this again; `obs status` tells whether the machine is short of anything.",
      suspects: [],
    });
  }
}

function shownLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .filter(([label]) => !["alertname", "severity", "owner", "cause"].includes(label))
    .map(([label, value]) => `${label}=${value}`)
    .join(" ");
}

/** The folder of an alert's Prometheus, unique for the drill. */
export function drillFolder(runDir: string, id: string, index: number): string {
  return join(runDir, `${id}-${index}`);
}
