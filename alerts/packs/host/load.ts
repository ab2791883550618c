import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { above, below, num } from "../values.js";

const host = 'instance="host:9100", job="node-exporter"';
const gone = "the node-exporter is gone: StackTargetDown tells";

/** `available`: part of memory that must be. */
export function loadAlerts({ available }: { available: number }): RuleGroupInput["rules"] {
  const memory = (free: string) => ({
    [`node_memory_MemAvailable_bytes{${host}}`]: free,
    [`node_memory_MemTotal_bytes{${host}}`]: "1000x60",
  });
  return [
    alert("HostMemoryLow", {
      expr: `node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < ${num(available)}`,
      for: "5m",
      severity: "critical",
      cause: "memory",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory available",
      description:
        "The kernel is about to end processes to get some back. See who holds it: `ps aux --sort=-rss | head`; restart or shrink that one first.",
      cases: [
        {
          kind: "fires",
          name: "just too little, for five minutes",
          series: memory(`500x2 ${num(available * 990)}x20`),
          firing: { "7m": false, "8m": [{ instance: "host:9100", severity: "critical" }] },
        },
        {
          kind: "quiet",
          name: "just enough; what the cache holds counts as available",
          series: {
            ...memory(`${num(available * 1010)}x30`),
            [`node_memory_MemFree_bytes{${host}}`]: "1x30",
          },
          firing: { "20m": false },
        },
        {
          kind: "resolves",
          name: "a process gives some back",
          series: memory("1x10 500x10"),
          firing: { "10m": true, "12m": false },
        },
        { kind: "no data", name: gone, series: memory("1x10 stale"), firing: { "10m": true, "12m": false } },
      ],
    }),
    alert("HostMemoryPressure", {
      // Every process at once waits for memory during so much of the time (the kernel's pressure stall information, "full").
      expr: "rate(node_pressure_memory_stalled_seconds_total[5m]) > 0.1",
      for: "10m",
      severity: "warning",
      cause: "memory",
      summary:
        "{{ $labels.instance }} stands still for want of memory {{ $value | humanizePercentage }} of the time",
      description:
        "It swaps or reads programs from disk again and again; everything there is slow. See who holds memory: `ps aux --sort=-rss | head`.",
      cases: pressure("node_pressure_memory_stalled_seconds_total", 0.1),
    }),
    alert("HostCpuSaturated", {
      // Kernels without pressure stall information have the load, which also counts processes that wait for disks.
      expr: `
rate(node_pressure_cpu_waiting_seconds_total[5m]) > 0.6
or (
  node_load5 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) > 2
  unless node_pressure_cpu_waiting_seconds_total
)`,
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.instance }} has more to do than its processors can",
      description:
        "Processes have waited for a processor for a quarter of an hour; all that runs there is slow. See who: `top`. A deploy or a batch job is the usual cause.",
      cases: [
        {
          kind: "fires",
          name: "processes wait for just too much of the time, for a quarter of an hour",
          series: waiting("node_pressure_cpu_waiting_seconds_total", 0.606),
          firing: { "20m": false, "27m": [{ instance: "host:9100" }] },
        },
        {
          kind: "fires",
          name: "a kernel that tells no pressure: load just above two for each of two processors, for a quarter of an hour",
          series: load("0x4 4.04x40"),
          firing: { "19m": false, "21m": [{ instance: "host:9100", job: "node-exporter" }] },
        },
        {
          kind: "quiet",
          name: "they wait for just less; where pressure is told, the load doesn't count",
          series: { ...waiting("node_pressure_cpu_waiting_seconds_total", 0.594), ...load("9x40") },
          firing: { "30m": false },
        },
        {
          kind: "quiet",
          name: "load just below two for each processor",
          series: load("3.96x40"),
          firing: { "30m": false },
        },
        {
          kind: "fires",
          name: "by fits and starts",
          series: { [`node_pressure_cpu_waiting_seconds_total{${host}}`]: bursts(160) },
          firing: { "36m": true },
        },
        {
          kind: "quiet",
          name: "ten busy minutes",
          series: { [`node_pressure_cpu_waiting_seconds_total{${host}}`]: "0x5 0+60x10 600x20" },
          firing: { "16m": false, "20m": false },
        },
        {
          kind: "resolves",
          name: "the job ends",
          series: { [`node_pressure_cpu_waiting_seconds_total{${host}}`]: "0+60x30 1800x20" },
          firing: { "30m": true, "36m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: {
            [`node_pressure_cpu_waiting_seconds_total{${host}}`]: "0+60x30 stale",
          },
          firing: { "30m": true, "36m": false },
        },
      ],
    }),
    alert("HostOomKill", {
      expr: "increase(node_vmstat_oom_kill[10m]) > 0",
      severity: "warning",
      cause: "memory",
      summary: "The kernel of {{ $labels.instance }} has ended a process for want of memory",
      description:
        "`dmesg | grep -i 'killed process'` names it. Find out whether it grew or something else took its memory; it comes again otherwise.",
      cases: [
        {
          kind: "fires",
          name: "one process",
          series: { [`node_vmstat_oom_kill{${host}}`]: "3x5 4x20" },
          firing: { "5m": false, "7m": [{ instance: "host:9100", severity: "warning" }], "14m": true },
        },
        {
          kind: "quiet",
          name: "those of long ago, and a count that begins anew with the machine",
          series: { [`node_vmstat_oom_kill{${host}}`]: "3x20 0x20" },
          firing: { "10m": false, "22m": false, "30m": false },
        },
        {
          kind: "resolves",
          name: "none for ten minutes",
          series: { [`node_vmstat_oom_kill{${host}}`]: "3x5 4x30" },
          firing: { "10m": true, "17m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: { [`node_vmstat_oom_kill{${host}}`]: "3x5 4x5 stale" },
          firing: { "8m": true, "22m": false },
        },
      ],
    }),
  ];

  /** Two processors. */
  function load(values: string): Record<string, string> {
    return {
      [`node_load5{${host}}`]: values,
      [`node_cpu_seconds_total{${host}, cpu="0", mode="idle"}`]: "0+60x40",
      [`node_cpu_seconds_total{${host}, cpu="1", mode="idle"}`]: "0+60x40",
      [`node_cpu_seconds_total{${host}, cpu="0", mode="user"}`]: "0+60x40",
      [`node_cpu_seconds_total{${host}, cpu="1", mode="user"}`]: "0+60x40",
      [`node_cpu_seconds_total{${host}, cpu="1", mode="iowait"}`]: "0+60x40",
    };
  }

  /** So many seconds more every four minutes, for forty minutes. */
  function bursts(seconds: number): string {
    return Array.from({ length: 40 }, (_, minute) => num(100 + Math.floor(minute / 4) * seconds)).join(" ");
  }

  function waiting(metric: string, part: number): Record<string, string> {
    return { [`${metric}{${host}}`]: `0x5 0+${num(part * 60)}x60` };
  }

  function pressure(metric: string, threshold: number): AlertCase[] {
    return [
      {
        kind: "fires",
        name: "just too much, for ten minutes",
        series: waiting(metric, Number(above(threshold))),
        // The rate has climbed above the threshold when its window lies behind the beginning.
        firing: { "15m": false, "22m": [{ instance: "host:9100", severity: "warning" }] },
      },
      {
        kind: "fires",
        name: "by fits and starts",
        series: { [`${metric}{${host}}`]: bursts(240 * threshold * 1.1) },
        firing: { "36m": true },
      },
      {
        kind: "quiet",
        name: "just less",
        series: waiting(metric, Number(below(threshold))),
        firing: { "30m": false },
      },
      {
        kind: "quiet",
        name: "two bad minutes, and a machine that starts anew",
        series: { [`${metric}{${host}}`]: "0x5 0+60x2 120x10 0x20" },
        firing: { "12m": false, "16m": false, "25m": false },
      },
      {
        kind: "resolves",
        name: "it has what it needs again",
        series: { [`${metric}{${host}}`]: "0+30x25 750x20" },
        firing: { "25m": true, "31m": false },
      },
      {
        kind: "no data",
        name: gone,
        series: { [`${metric}{${host}}`]: "0+30x25 stale" },
        firing: { "25m": true, "31m": false },
      },
    ];
  }
}
