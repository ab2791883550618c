import type { BrokenCase, Expectation } from "./broken-case.js";

const overview = "dashboards/overview.ts";
const workers = "dashboards/workers.ts";
const error = (id: string, keyPath: string): Expectation => ({ id, severity: "error", keyPath });
const warning = (id: string, keyPath: string): Expectation => ({ id, severity: "warning", keyPath });
const waiting = 'dashboards["workers"].panels["Waiting"]';
const latency = 'dashboards["overview"].panels["Latency"]';
const errorLines = 'dashboards["overview"].panels["Error lines"]';

/** Mistakes in dashboards. */
export const dashboardCases: readonly BrokenCase[] = [
  {
    title: "two dashboards have one uid",
    file: workers,
    find: '.uid("workers")',
    replace: '.uid("overview")',
    expect: error("duplicate-dashboard-uid", "dashboards[1].uid"),
  },
  {
    title: "a uid has a space",
    file: workers,
    find: '.uid("workers")',
    replace: '.uid("the workers")',
    expect: error("bad-value", "dashboards[1].uid"),
  },
  {
    title: "a dashboard is not built",
    file: workers,
    find: "  .build();",
    replace: "  ;",
    expect: error("wrong-type", "dashboards[1]"),
  },
  {
    title: "a data source is misspelt",
    file: overview,
    find: 'uid: "loki"',
    replace: 'uid: "lokki"',
    expect: error("unknown-data-source", "dashboards[0].panels[2].datasource"),
  },
  {
    title: "a data source is of another kind than it is said to be",
    file: overview,
    find: 'uid: "loki"',
    replace: 'uid: "prometheus"',
    expect: error("dashboard-data-source", `${errorLines}.datasource`),
  },
  {
    title: "a panel's metric is misspelt",
    file: workers,
    find: 'worker_queue_length{queue=~"$queue"}',
    replace: 'worker_queue_lenght{queue=~"$queue"}',
    expect: error("unknown-metric", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a panel's label is misspelt",
    file: workers,
    find: 'sum by (queue) (worker_queue_length{queue=~"$queue"})',
    replace: 'sum by (queue) (worker_queue_length{queues=~"$queue"})',
    expect: error("unknown-label", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a panel's record is misspelt",
    file: overview,
    find: "max(job:api_requests:errors_ratio5m)",
    replace: "max(job:api_requests:error_ratio5m)",
    expect: error("unknown-metric", 'dashboards["overview"].panels["Errors"].targets["A"].expr'),
  },
  {
    title: "a panel's query lacks a parenthesis",
    file: workers,
    find: 'sum by (queue) (worker_queue_length{queue=~"$queue"})',
    replace: 'sum by (queue) (worker_queue_length{queue=~"$queue"}',
    expect: error("dashboard-query", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a panel's rate has no range",
    file: overview,
    find: "api_request_duration_seconds_bucket[$__rate_interval]",
    replace: "api_request_duration_seconds_bucket",
    expect: error("dashboard-query", `${latency}.targets["A"].expr`),
  },
  {
    title: "a variable is misspelt where it is used",
    file: workers,
    find: 'worker_queue_length{queue=~"$queue"}',
    replace: 'worker_queue_length{queue=~"$queu"}',
    expect: error("dashboard-variable", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a variable is renamed, and not where it is used",
    file: workers,
    find: 'QueryVariableBuilder("queue")',
    replace: 'QueryVariableBuilder("queueName")',
    expect: error("dashboard-variable", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a variable is filled from a metric that does not exist",
    file: workers,
    find: "label_values(worker_queue_length, queue)",
    replace: "label_values(worker_queue_len, queue)",
    expect: error("unknown-metric", 'dashboards["workers"].variables["queue"].query'),
  },
  {
    title: "a variable is filled from a label that does not exist",
    file: workers,
    find: "label_values(worker_queue_length, queue)",
    replace: "label_values(worker_queue_length, queues)",
    expect: error("unknown-label", 'dashboards["workers"].variables["queue"].query'),
  },
  {
    title: "a query of logs lacks a brace",
    file: overview,
    find: '{service_name=~".+"} |=',
    replace: '{service_name=~".+" |=',
    expect: error("dashboard-query", `${errorLines}.targets["A"].expr`),
  },
  {
    title: "a filter of logs has its signs the wrong way round",
    file: overview,
    find: '|= "error"',
    replace: '=| "error"',
    expect: error("dashboard-query", `${errorLines}.targets["A"].expr`),
  },
  {
    title: "a query of logs is given to Prometheus",
    file: workers,
    find: `sum by (queue) (worker_queue_length{queue=~"$queue"})`,
    replace: `count_over_time({service_name="worker"} |= "done" [5m])`,
    expect: error("dashboard-query", `${waiting}.targets["A"].expr`),
  },
  {
    title: "a link leads to a dashboard that is not there",
    file: overview,
    find: "/d/workers/workers",
    replace: "/d/worker/workers",
    expect: error("dashboard-link", 'dashboards["overview"].links["Workers"].url'),
  },
  {
    title: "two panels have one title",
    file: workers,
    find: '.title("Done per second")',
    replace: '.title("Waiting")',
    expect: warning("duplicate-panel-title", waiting),
  },
  {
    title: "a builder's method is misspelt",
    file: overview,
    find: '.unit("s")',
    replace: '.units("s")',
    expect: { id: "config-throws", severity: "error", at: "units" },
  },
  {
    title: "a parenthesis of the code is not closed",
    file: workers,
    find: "          .expr('sum by (queue) (worker_queue_length{queue=~\"$queue\"})'),\n    ",
    replace: "          .expr('sum by (queue) (worker_queue_length{queue=~\"$queue\"})',\n    ",
    expect: { id: "config-syntax", severity: "error", at: ".build()‸;" },
  },
  {
    title: "a variable of Grafana is misspelt",
    file: overview,
    find: "$__rate_interval",
    replace: "$__rate_intervall",
    expect: error("dashboard-variable", `${latency}.targets["A"].expr`),
  },
];
