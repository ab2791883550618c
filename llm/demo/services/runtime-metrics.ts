import { performance } from "node:perf_hooks";
import { metrics } from "@opentelemetry/api";
import { scope } from "./spans.js";

/** What a process takes of its machine, by OpenTelemetry's conventions for processes and Node. */
export function observeRuntime(): void {
  const meter = metrics.getMeter(scope);
  let cpu = process.cpuUsage();
  let at = performance.now();
  meter.createObservableGauge("process.cpu.utilization", { unit: "1" }).addCallback((result) => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    const passed = (now - at) * 1000;
    cpu = process.cpuUsage();
    at = now;
    result.observe(user / passed, { "cpu.mode": "user" });
    result.observe(system / passed, { "cpu.mode": "system" });
  });
  meter
    .createObservableUpDownCounter("process.memory.usage", { unit: "By" })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  let loop = performance.eventLoopUtilization();
  meter.createObservableGauge("nodejs.eventloop.utilization", { unit: "1" }).addCallback((result) => {
    const now = performance.eventLoopUtilization();
    result.observe(performance.eventLoopUtilization(now, loop).utilization);
    loop = now;
  });
}
