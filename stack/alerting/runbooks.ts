import type { Stack } from "../define.js";
import { portNumber } from "../ports.js";

/** Where the runbook of an alert is shown to people: Prometheus serves them, unless the definition names another place. */
export function runbookUrl(stack: Stack, alert: string): string {
  const base = stack.alerting.runbookUrl ?? `http://127.0.0.1:${portNumber(stack, "prometheus")}/user`;
  return `${base.replace(/\/$/, "")}/${alert}.html`;
}
