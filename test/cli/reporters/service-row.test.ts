import pc from "picocolors";
import { ServiceRow } from "../../../cli/reporters/service-row.js";
import type { Phase } from "../../../stack/runtime/runtime.js";

/** The row of a service that went through these phases, each after a second more. */
function after(...phases: (Phase | [Phase, string])[]): ServiceRow {
  const row = new ServiceRow("loki", 4, pc.createColors(false));
  phases.forEach((each, at) => {
    const [phase, detail] = Array.isArray(each) ? each : [each, undefined];
    row.see({ service: "loki", phase, ms: (at + 1) * 1000, ...(detail ? { detail } : {}) });
  });
  return row;
}

test.each<[string, ServiceRow, string, string]>([
  ["nothing happened yet", after(), "open", "loki  waiting for its turn"],
  ["it was started", after("starting", "waiting", "ready"), "done", "loki  started  3.0 s"],
  ["it is waited for", after("starting", "waiting"), "open", "loki  waiting until it is ready"],
  ["nothing had changed", after("unchanged"), "done", "loki  unchanged"],
  [
    "it was reloaded for a reason",
    after(["reloading", "configuration changed"], "waiting", "ready"),
    "done",
    "loki  reloaded  configuration changed, 3.0 s",
  ],
  ["it was stopped on demand", after("stopping", "stopped"), "done", "loki  stopped  2.0 s"],
  [
    "another one failed after it was ready",
    after("starting", "ready", "stopping", "stopped"),
    "taken-back",
    "loki  stopped  4.0 s",
  ],
  [
    "another one failed before it was ready",
    after("starting", "waiting", "stopping", "stopped"),
    "taken-back",
    "loki  stopped  4.0 s",
  ],
  [
    "it failed and was stopped again",
    after("starting", ["failed", "keeps crashing"], "stopping", "stopped"),
    "failed",
    "loki  failed  keeps crashing, 4.0 s",
  ],
])("when %s, the row says so", (_what, row, outcome, text) => {
  expect(row.outcome).toBe(outcome);
  expect(row.text()).toBe(text);
});

test("what was told to start and isn't waited for counts as started", () => {
  for (const row of [after("starting"), after("starting", "waiting")]) {
    row.close();
    expect([row.outcome, row.text()]).toEqual(["done", "loki  started"]);
  }
});
