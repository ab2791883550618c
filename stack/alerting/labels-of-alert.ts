import type { Stack } from "../define.js";
import { ProblemError } from "../validate/problem.js";
import { unknownAlert } from "./unknown-alert.js";

/** The labels that a typed alert carries whatever its series bring. Throws a ProblemError (exit code 2) for a name of none. */
export function labelsOfAlert(stack: Stack, name: string): Record<string, string> {
  const rules = stack.alerting.packs.flatMap((pack) =>
    pack.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => (rule.kind === "alert" ? [{ rule, owner: pack.owner }] : [])),
    ),
  );
  const found = rules.find(({ rule }) => rule.name === name);
  if (!found) {
    const names = [...new Set(rules.map(({ rule }) => rule.name))];
    throw new ProblemError([unknownAlert(name, names, "Give its labels by --label.")], 2);
  }
  const { rule, owner } = found;
  return {
    alertname: name,
    severity: rule.severity,
    owner: rule.owner ?? owner,
    ...(rule.cause !== undefined && { cause: rule.cause }),
    ...rule.labels,
  };
}
