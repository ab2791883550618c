import { withDeadline } from "../deadline.js";
import { localAddress } from "../render/address.js";
import { isMapping } from "../render/merge.js";
import { drillLabel, ownReceivers } from "../services/names.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import { AskError, askJson } from "../verify/ask.js";
import type { DrillContext } from "./context.js";

/**
 * Makes sure, before anything is sent, that the running Alertmanager keeps drills from people: its first route takes them,
 * and no inhibition crosses between them and real alerts. Throws a ProblemError where it doesn't, or can't be asked.
 */
export async function requireDrillsApart({
  stack,
  signal,
}: Pick<DrillContext, "stack" | "signal">): Promise<void> {
  const url = `http://${localAddress(stack, "alertmanager")}/api/v2/status`;
  let original: string | undefined;
  try {
    const answer = await withDeadline(10_000, signal, (within) =>
      askJson<{ config: { original: string } }>(url, within),
    );
    original = answer?.config.original;
  } catch (error) {
    signal.throwIfAborted();
    throw new ProblemError([
      {
        id: "drill-alertmanager",
        severity: "error",
        what: "Alertmanager can't be asked.",
        why: error instanceof AskError ? `It ${error.message}.` : undefined,
        next: "Look at `obs status` and `obs logs alertmanager`.",
      },
    ]);
  }
  const { load } = await import("js-yaml");
  const fault = faultOf(load(original ?? ""));
  if (fault) throw new ProblemError([fault]);
}

/** What keeps a configuration of Alertmanager from being safe for drills. Exported for tests. */
export function faultOf(config: unknown): Problem | undefined {
  const unsafe = (what: string, key: string): Problem => ({
    id: "drill-not-apart",
    severity: "error",
    what,
    why: "A drill's alerts could reach people, or silence real ones.",
    next: `Run \`obs up\`, which loads the definition's own; if this stays, look at overrides.alertmanager.${key}.`,
  });
  const { route, inhibit_rules: rules = [] } = isMapping(config) ? config : {};
  const routes = isMapping(route) && Array.isArray(route.routes) ? route.routes : [];
  const first = routes.find(isMapping);
  const matchers = Array.isArray(first?.matchers) ? first.matchers : [];
  const isOwn =
    first?.receiver === ownReceivers.drill &&
    first.continue !== true &&
    matchers.length === 1 &&
    String(matchers[0]).replaceAll(/\s/g, "") === `${drillLabel}!=""`;
  if (!isOwn)
    return unsafe("The running Alertmanager's first route is not the one that takes drills.", "route");
  const crossing = (Array.isArray(rules) ? rules : []).some(
    (rule) => !isMapping(rule) || !Array.isArray(rule.equal) || !rule.equal.includes(drillLabel),
  );
  return crossing
    ? unsafe(
        `An inhibition of the running Alertmanager has no \`${drillLabel}\` in its equal.`,
        "inhibit_rules",
      )
    : undefined;
}
