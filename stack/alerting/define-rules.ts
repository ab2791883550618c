import { fileURLToPath } from "node:url";
import type { Stack } from "../define.js";
import type { Facts } from "../services/service.js";

/** How bad an alert is: who is woken, who looks tomorrow. Projects may have others: `alerting.severities`. */
export type AlertSeverity = "critical" | "warning" | "info" | (string & {});

/** Labels of an alert, without `alertname`. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Series of a simulated situation, in the notation of `promtool test rules`: selector to values, e.g.
 * `{ 'up{job="api"}': "1x5 0x10" }`. The first value stands at time 0, each further one an interval later.
 */
export type Series = Readonly<Record<string, string>>;

/** What an alert shall do, asked of the real promtool; at least one of each kind stands beside every alert. */
export type CaseKind =
  /** The breach is there: it fires. */
  | "fires"
  /** Just below the threshold, or not for long enough: it stays quiet. */
  | "quiet"
  /** It fires, then the breach ends: it resolves. */
  | "resolves"
  /** The series are missing, or vanish: it does what its case says, and deliberately so. */
  | "no data";

/** A simulated situation and what an alert makes of it. Time is simulated, never waited for. */
export interface AlertCase {
  kind: CaseKind;
  /** What happens, as a short sentence: it stands in the report. */
  name: string;
  series: Series;
  /** Distance of the values, and of evaluations. Default: 1m. */
  interval?: string;
  /**
   * What fires when: time from the start, as a Prometheus duration, to the alerts of this name that fire then. `true`: one,
   * whatever its labels; `false`: none; a list: exactly these, by the labels that are given (others are not compared).
   */
  firing: Readonly<Record<string, boolean | readonly Labels[]>>;
  /** Annotations of the (first) firing alert, rendered: those given are compared. */
  annotations?: Readonly<Record<string, string>>;
}

/** A simulated situation and what a recording rule makes of it. */
export interface RecordCase {
  name: string;
  series: Series;
  /** Default: 1m. */
  interval?: string;
  /** Time to the samples of the record then: labels in Prometheus' notation (`{job="api"}`), to the value. */
  gives: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** An alerting rule, complete with what people need to know about it and the proof that it works. */
export interface AlertInput extends AnyRule {
  /** PromQL, one line or several. */
  expr: string;
  /** How long the breach must last. Default: fires at once. */
  for?: string;
  /** How long it goes on after the breach has ended. */
  keepFiringFor?: string;
  severity: AlertSeverity;
  /** One line: what is wrong, for whom; a template. */
  summary: string;
  /** What it means and what the reader should look at first; a template. */
  description: string;
  /**
   * What goes wrong, where several alerts tell of it (`llm-errors`): the label `cause`. A critical alert silences the
   * warnings of the same cause about the same subject; `target-down` silences the warnings of that target.
   */
  cause?: string;
  /** Who answers for it. Default: the pack's. */
  owner?: string;
  /** UID of the dashboard to look at. */
  dashboard?: string;
  /** File of its runbook, relative to the project. Default: `alerts/runbooks/<Alert>.md`. */
  runbook?: string;
  labels?: Labels;
  annotations?: Labels;
  cases: readonly AlertCase[];
}

/** A recording rule. */
export interface RecordInput extends AnyRule {
  expr: string;
  labels?: Labels;
  /** Why it exists. */
  description?: string;
  cases?: readonly RecordCase[];
}

/** What every rule may have. */
interface AnyRule {
  /** Checks of `obs validate-rules` that shall not look at this rule, and why; a comment `# obs:disable` says it in the rule file. */
  disable?: Readonly<Record<string, string>>;
}

/** What the declaring functions add. */
interface Declared {
  name: string;
  /** File whose code declared it, absolute; findings are placed there. */
  declaredIn?: string;
}

export interface AlertRule extends AlertInput, Declared {
  kind: "alert";
}
export interface RecordRule extends RecordInput, Declared {
  kind: "record";
}
export type TypedRule = AlertRule | RecordRule;

export interface RuleGroupInput {
  name: string;
  /** How often it is evaluated. Default: Prometheus' own evaluation interval. */
  interval?: string;
  /** Leaves the group out of stacks that have not got what it watches (Tempo, say). Default: it is always there. */
  when?: (present: { stack: Stack; facts: Facts }) => boolean;
  /** In the order of evaluation: a record stands before what uses it. */
  rules: readonly TypedRule[];
}

export interface RulePackInput {
  /** Names its file and its findings: lower-case letters, digits, dashes. */
  name: string;
  /** Who answers for the alerts that don't say. */
  owner: string;
  /** One line. */
  description?: string;
  groups: readonly RuleGroupInput[];
  /** What is wrong with the options that the pack was made with; one with errors among them has no rules. */
  faults?: readonly PackFault[];
}

/** Something wrong with what a pack was made of, at a key of its options. */
export interface PackFault {
  severity: "error" | "warning" | "notice";
  /** `errorRate.critical`, `alerts.page[0].long` */
  key: string;
  what: string;
  why?: string;
  next?: string;
}

const brand = Symbol.for("obs-stack.rule-pack");

/** Rules that belong together, as declared: unchecked until the definition is loaded. */
export interface RulePack extends RulePackInput {
  readonly kind: "rule-pack";
}

/** Declares an alerting rule: its name, and all else that belongs to it. */
export function alert(name: string, input: AlertInput): AlertRule {
  return { ...input, kind: "alert", name, declaredIn: callerOf(alert) };
}

/** Declares a recording rule: `level:metric:operations`, and its expression. */
export function record(name: string, input: RecordInput): RecordRule {
  return { ...input, kind: "record", name, declaredIn: callerOf(record) };
}

/**
 * Declares a pack of rules. Give it to `alerting.packs` of the definition. It checks nothing by itself: `obs validate`,
 * `obs validate-rules` and `obs test` do.
 */
export function defineRules(input: RulePackInput): RulePack {
  return { ...input, kind: "rule-pack", [brand]: true } as RulePack;
}

/** Whether a value came from {@link defineRules}, of whichever copy of this package. */
export function isRulePack(value: unknown): value is RulePack {
  return typeof value === "object" && value !== null && brand in value;
}

/** The file that called a function. Its line is of no use: the code that runs was translated from what the user wrote. */
function callerOf(called: (...args: never[]) => unknown): string | undefined {
  const { stackTraceLimit } = Error;
  const here: { stack?: string } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(here, called);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const place = /(?:\(|at )((?:file:\/\/)?\/.+?|[A-Za-z]:\\.+?):\d+:\d+\)?$/m.exec(here.stack ?? "")?.[1];
  return place?.startsWith("file://") ? fileURLToPath(place) : place;
}
