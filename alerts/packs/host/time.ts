import { alert, type RuleGroupInput } from "obs-stack";
import { above, below, num } from "../values.js";

const host = 'instance="host:9100", job="node-exporter"';
const gone = "the node-exporter is gone: StackTargetDown tells";

/** Scrapes take a moment: a clock that differs from Prometheus' by less may well be right. */
const relative = 2;

/** `offset`: how far a clock may be off, in seconds. */
export function timeAlerts({ offset }: { offset: number }): RuleGroupInput["rules"] {
  const measured = (values: string) => ({ [`node_timex_offset_seconds{${host}}`]: values });
  const unsynchronised = (status: string, error: string) => ({
    [`node_timex_sync_status{${host}}`]: status,
    [`node_timex_maxerror_seconds{${host}}`]: error,
  });
  return [
    alert("HostClockSkew", {
      expr: `
abs(node_timex_offset_seconds) > ${num(offset)}
or abs(node_time_seconds - timestamp(node_time_seconds)) > ${relative}`,
      for: "10m",
      severity: "warning",
      cause: "clock",
      summary: "The clock of {{ $labels.instance }} is off by {{ $value | humanizeDuration }}",
      description:
        "Spans of one trace are out of order, and samples may be refused as too old or too new. Ask its time service: `chronyc tracking` or `timedatectl timesync-status`.",
      cases: [
        {
          kind: "fires",
          name: "just too far behind its time server, for ten minutes",
          series: measured(`0x2 -${above(offset)}x20`),
          firing: { "12m": false, "13m": [{ instance: "host:9100", severity: "warning" }] },
        },
        {
          kind: "fires",
          name: "just too far ahead",
          series: measured(`${above(offset)}x20`),
          firing: { "15m": true },
        },
        {
          kind: "fires",
          name: "it believes to be right, but differs from Prometheus' clock",
          series: { ...measured("0x20"), [`node_time_seconds{${host}}`]: "-2.1+60x20" },
          firing: { "9m": false, "10m": true },
        },
        {
          kind: "quiet",
          name: "just close enough to both",
          series: { ...measured(`-${below(offset)}x20`), [`node_time_seconds{${host}}`]: "1.9+60x20" },
          firing: { "15m": false },
        },
        {
          kind: "resolves",
          name: "it has been set right",
          series: measured("1x15 0x10"),
          firing: { "15m": true, "17m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: measured("1x15 stale"),
          firing: { "15m": true, "17m": false },
        },
      ],
    }),
    alert("HostClockUnsynchronised", {
      // The kernel lets its estimate of the error grow to 16 s while nobody corrects the clock.
      expr: "node_timex_sync_status == 0 and node_timex_maxerror_seconds >= 16",
      for: "10m",
      severity: "info",
      cause: "clock",
      summary: "Nobody sets the clock of {{ $labels.instance }}",
      description:
        "It will drift, by seconds a day. Start a time service there (chrony, systemd-timesyncd); many virtual machines come without one.",
      cases: [
        {
          kind: "fires",
          name: "no time service, for ten minutes",
          series: unsynchronised("1x2 0x20", "16x30"),
          firing: { "12m": false, "13m": [{ instance: "host:9100", severity: "info" }] },
        },
        {
          kind: "quiet",
          name: "it has only just lost its server; another one is synchronised",
          series: {
            ...unsynchronised("0x20", "15.9x20"),
            'node_timex_sync_status{instance="b:9100"}': "1x20",
            'node_timex_maxerror_seconds{instance="b:9100"}': "16x20",
          },
          firing: { "15m": false },
        },
        {
          kind: "resolves",
          name: "a time service has been started",
          series: unsynchronised("0x15 1x10", "16x15 0.1x10"),
          firing: { "15m": true, "17m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: unsynchronised("0x15 stale", "16x15 stale"),
          firing: { "15m": true, "17m": false },
        },
      ],
    }),
    alert("HostRestarted", {
      expr: "time() - node_boot_time_seconds < 600",
      severity: "info",
      summary: "{{ $labels.instance }} has started {{ $value | humanizeDuration }} ago",
      description:
        "If nobody meant it to: `last -x reboot | head`, then the end of the log before it (`journalctl -b -1 -e`).",
      cases: [
        {
          kind: "fires",
          name: "it has started five minutes ago",
          series: { [`node_boot_time_seconds{${host}}`]: "-100000x10 600x20" },
          firing: { "10m": false, "15m": [{ instance: "host:9100", severity: "info" }] },
          annotations: { summary: "host:9100 has started 5m 0s ago" },
        },
        {
          kind: "quiet",
          name: "ten minutes ago, and a second more or less in what the kernel reckons",
          series: { [`node_boot_time_seconds{${host}}`]: "0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1" },
          firing: { "10m": false, "12m": false },
        },
        {
          kind: "resolves",
          name: "ten minutes later",
          series: { [`node_boot_time_seconds{${host}}`]: "0x30" },
          firing: { "9m": true, "10m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: { [`node_boot_time_seconds{${host}}`]: "0x5 stale" },
          firing: { "4m": true, "7m": false },
        },
      ],
    }),
  ];
}
