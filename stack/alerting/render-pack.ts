import type { Stack } from "../define.js";
import { portNumber } from "../ports.js";
import { banner } from "../render/text.js";
import { toYaml, withComment } from "../render/yaml.js";
import type { Facts } from "../services/service.js";
import type { AlertRule, RecordRule, RuleGroupInput, RulePack } from "./define-rules.js";
import { runbookUrl } from "./runbooks.js";

/** What the rules of a pack may depend on. */
export interface PackContext {
  stack: Stack;
  facts: Facts;
}

/** Rules of a pack as Prometheus reads them. */
export interface PackFile {
  /** File name. */
  name: string;
  /** YAML with a banner. */
  text: string;
  /** How many rules it holds. */
  rules: number;
}

/** The groups of a pack that this stack has use for. */
export function wantedGroups(pack: RulePack, context: PackContext): RuleGroupInput[] {
  return pack.groups.filter(({ when }) => when === undefined || when(context));
}

/** Renders a pack as a rule file of Prometheus. */
export function packFile(pack: RulePack, context: PackContext): PackFile {
  const wanted = wantedGroups(pack, context);
  const groups = wanted.map(({ name, interval, rules }) => ({
    name,
    ...(interval !== undefined && { interval }),
    rules: rules.map((rule) =>
      withComment(
        rule.kind === "alert" ? renderAlert(rule, pack, context) : renderRecord(rule),
        Object.entries(rule.disable ?? {}).map(([check, reason]) => `obs:disable ${check} ${reason}`),
      ),
    ),
  }));
  return {
    name: `pack-${pack.name}.yml`,
    text: toYaml({ groups }, { banner: banner([`alerting.packs (${pack.name})`]) }),
    rules: wanted.reduce((sum, { rules }) => sum + rules.length, 0),
  };
}

function renderAlert(rule: AlertRule, pack: RulePack, context: PackContext): object {
  const dashboard = rule.dashboard !== undefined && dashboardUrl(rule.dashboard, context);
  return {
    alert: rule.name,
    expr: rule.expr.trim(),
    ...(rule.for !== undefined && { for: rule.for }),
    ...(rule.keepFiringFor !== undefined && { keep_firing_for: rule.keepFiringFor }),
    labels: {
      severity: rule.severity,
      owner: rule.owner ?? pack.owner,
      ...(rule.cause !== undefined && { cause: rule.cause }),
      ...rule.labels,
    },
    annotations: {
      summary: rule.summary.trim(),
      description: rule.description.trim(),
      // For messages that show the number; texts for people format it themselves.
      value: '{{ printf "%.4g" $value }}',
      runbook_url: runbookUrl(context.stack, rule.name),
      ...(dashboard && { dashboard_url: dashboard }),
      ...rule.annotations,
    },
  };
}

function renderRecord(rule: RecordRule): object {
  return {
    record: rule.name,
    expr: rule.expr.trim(),
    ...(rule.labels !== undefined && { labels: rule.labels }),
  };
}

/** Where a dashboard is shown; undefined where nothing of this stack shows any. */
function dashboardUrl(uid: string, { stack, facts }: PackContext): string | undefined {
  if (!facts.grafana.present) return undefined;
  return `http://127.0.0.1:${portNumber(stack, "grafana")}/d/${uid}`;
}
