import { type AlertCase, alert } from "obs-stack";

/** Programs without which data or alerts get lost; the trace store has a rule of its own, because it can be one of two. */
const essential = ["otel-collector", "prometheus", "alertmanager", "loki"];
const traceStores = ["tempo", "jaeger"];

const up = (job: string, values: string) => ({ [`up{job="${job}", instance="${job}:1"}`]: values });
/** Every essential program answers, but for what `values` say. */
const all = (values: Record<string, string> = {}) =>
  Object.assign({}, ...[...essential, ...traceStores].map((job) => up(job, values[job] ?? "1x60")));

/** A dead-man's switch: it always fires, and its silence is the alarm. */
export function watchdog() {
  return alert("StackWatchdog", {
    // Not `vector(1)`: a Prometheus that scrapes nothing is as good as dead.
    expr: "max(up) == 1",
    severity: "none",
    summary: "Alerting works",
    description:
      "This alert always fires. Name a heartbeat service outside of this machine in `alerting.heartbeat`: it calls somebody when it hears nothing.",
    cases: [
      {
        kind: "fires",
        name: "something is scraped, if only one of two",
        series: { ...up("loki", "1x10"), ...up("api", "0x10") },
        firing: { "0m": [{ severity: "none" }], "10m": true },
      },
      { kind: "quiet", name: "nothing answers", series: up("loki", "0x10"), firing: { "5m": false } },
      {
        kind: "resolves",
        name: "nothing answers any more",
        series: up("loki", "1x5 0x5"),
        firing: { "5m": true, "6m": false },
      },
      {
        kind: "no data",
        name: "there is nothing to scrape: the heartbeat stops",
        series: up("loki", "1x5 stale"),
        firing: { "5m": true, "7m": false },
      },
    ],
  });
}

export function targetAlerts() {
  return [
    alert("StackComponentDown", {
      expr: [
        `up{job=~"${essential.join("|")}"} == 0`,
        // Also when it isn't even a target any more.
        ...essential.map((job) => `absent(up{job="${job}"})`),
      ].join("\nor "),
      for: "2m",
      severity: "critical",
      cause: "target-down",
      summary: "{{ $labels.job }} is down",
      description:
        "Without it data or alerts are lost or wait in queues. `obs status` says why, `obs logs {{ $labels.job }}` what it said last, `obs up` starts it.",
      cases: componentCases("otel-collector", essential),
    }),
    alert("StackTargetDown", {
      expr: `up{job!~"${[...essential, ...traceStores].join("|")}"} == 0`,
      for: "2m",
      severity: "warning",
      cause: "target-down",
      summary: "{{ $labels.job }} at {{ $labels.instance }} cannot be scraped",
      description:
        "Prometheus has had no answer from it for two minutes; alerts and panels about it are blind until then. The targets page of Prometheus has the error.",
      cases: [
        {
          kind: "fires",
          name: "one of two replicas, for two minutes",
          series: {
            'up{job="api", instance="a:80"}': "1x2 0x20",
            'up{job="api", instance="b:80"}': "1x20",
          },
          firing: { "4m": false, "5m": [{ job: "api", instance: "a:80", severity: "warning" }] },
        },
        {
          kind: "quiet",
          name: "it was away for a minute; the stack's own programs have an alert of their own",
          series: { ...up("api", "1x2 0x1 1x10"), ...up("loki", "0x20"), ...up("jaeger", "0x20") },
          firing: { "4m": false, "5m": false, "8m": false },
        },
        {
          kind: "resolves",
          name: "it answers again",
          series: up("api", "0x5 1x5"),
          firing: { "5m": true, "6m": false },
        },
        {
          kind: "no data",
          name: "it is no target any more: somebody took it out",
          series: up("api", "0x5 stale"),
          firing: { "5m": true, "7m": false },
        },
      ],
    }),
  ];
}

export function traceStoreMissing(backend: "tempo" | "jaeger") {
  return alert("StackTraceStoreDown", {
    expr: `up{job="${backend}"} == 0 or absent(up{job="${backend}"})`,
    for: "2m",
    severity: "critical",
    cause: "target-down",
    summary: "{{ $labels.job }} is down",
    description:
      "Traces wait in the collector's queue and can't be looked at. `obs status` says why, `obs logs {{ $labels.job }}` what it said last, `obs up` starts it.",
    cases: componentCases(backend, [backend]),
  });
}

/** Noticed by nobody else: no target, so nothing that is down. */
export function absentTarget(job: string, name: string) {
  return alert(name, {
    expr: `absent(up{job="${job}"})`,
    for: "5m",
    severity: "warning",
    cause: "target-down",
    summary: "{{ $labels.job }} is no longer scraped at all",
    description:
      "It isn't even a target of Prometheus: alerts about the host are blind. `obs up` puts the configuration back as the definition says.",
    cases: [
      {
        kind: "fires",
        name: "the target is gone, for five minutes",
        series: { ...up(job, "1x2 stale"), ...up("loki", "1x20") },
        firing: { "7m": false, "8m": [{ job, severity: "warning" }] },
      },
      {
        kind: "quiet",
        name: "it is there, whether it answers or not",
        series: up(job, "0x20"),
        firing: { "15m": false },
      },
      {
        kind: "resolves",
        name: "it is back",
        series: up(job, "_x10 1x10"),
        firing: { "9m": true, "11m": false },
      },
      { kind: "no data", name: "there was never one", series: up("loki", "1x20"), firing: { "10m": true } },
    ],
  });
}

function componentCases(job: string, jobs: readonly string[]): AlertCase[] {
  return [
    {
      kind: "fires",
      name: "it doesn't answer, for two minutes",
      series: all({ [job]: "1x2 0x20" }),
      firing: { "4m": false, "5m": [{ job, instance: `${job}:1`, severity: "critical" }] },
    },
    ...jobs.flatMap((each): AlertCase[] => [
      {
        kind: "fires",
        name: `${each} doesn't answer`,
        series: all({ [each]: "0x20" }),
        firing: { "10m": [{ job: each }] },
      },
      {
        kind: "no data",
        name: `${each} has vanished: that is noticed`,
        series: all({ [each]: "1x2 stale" }),
        firing: { "4m": false, "5m": [{ job: each }] },
      },
    ]),
    {
      kind: "quiet",
      name: "all answer; a restart takes less than two minutes; programs of users have an alert of their own",
      series: { ...all({ [job]: "1x2 0x1 1x60" }), ...up("api", "0x60") },
      firing: { "3m": false, "4m": false, "5m": false, "30m": false },
    },
    {
      kind: "resolves",
      name: "it has been started again",
      series: all({ [job]: "0x5 1x60" }),
      firing: { "5m": true, "6m": false },
    },
    {
      kind: "resolves",
      name: "it is a target again",
      series: all({ [job]: "_x5 1x60" }),
      firing: { "4m": true, "6m": false },
    },
  ];
}
