import { formatStatus } from "../../../cli/reporters/status.js";
import type { ServiceStatus, StackStatus } from "../../../stack/runtime/runtime.js";

const ready = (name: ServiceStatus["name"], more: Partial<ServiceStatus> = {}): ServiceStatus => ({
  name,
  state: "ready",
  uptimeSeconds: 75,
  restarts: 0,
  ...more,
});

function text(services: ServiceStatus[], more: Partial<StackStatus> = {}): string {
  return formatStatus(
    { runtime: "native", running: true, services, problems: [], ...more },
    { color: false },
  );
}

test("a stack that is ready is one line and a table", () => {
  expect(
    text([ready("prometheus", { url: "http://127.0.0.1:9090" }), ready("loki", { uptimeSeconds: 100_000 })]),
  ).toBe(
    [
      "✔ All 2 services are ready (local processes)",
      "",
      "  service      state     up for    restarts   page",
      "  prometheus   ● ready   1 min     0          http://127.0.0.1:9090",
      "  loki         ● ready   1 d 3 h   0",
    ].join("\n"),
  );
});

test("what isn't ready is told with its reason, its last log lines and where to read on", () => {
  const crashed: ServiceStatus = {
    name: "loki",
    state: "crashed",
    restarts: 3,
    reason: "It ended with exit code 1.",
    lastLog: ["level=error no space"],
  };
  expect(text([ready("prometheus"), crashed])).toBe(
    [
      "✖ 1 of 2 services is not ready (local processes)",
      "",
      "  service      state       up for   restarts   page",
      "  prometheus   ● ready     1 min    0",
      "  loki         ✖ crashed   –        3",
      "",
      "  loki: It ended with exit code 1.",
      "    │ level=error no space",
      "    → obs logs loki",
    ].join("\n"),
  );
});

test("nothing running is said in a line", () => {
  const stopped: ServiceStatus = { name: "loki", state: "stopped", restarts: 0 };
  for (const nothing of [text([], { running: false }), text([stopped], { running: false })])
    expect(nothing).toBe("Nothing runs. Start the stack with obs up.");
});
