import type { ScrapeJob, Stack } from "../define.js";
import { parseDuration } from "../duration.js";
import type { PortName } from "../ports.js";
import type { SecretRef } from "../secret.js";
import { reachesThisMachine } from "./names.js";
import type { ConfigFile, RenderContext, Service, ServiceName } from "./service.js";

/** Keeps metrics, evaluates rules. */
export const prometheus: Service = {
  name: "prometheus",
  title: "keeps metrics, evaluates rules",
  program: "prometheus",
  user: "65534:65534",
  imageDataDir: "/prometheus",
  wanted: () => true,
  ports: () => ["prometheus"],
  published: () => ["prometheus"],
  args: ({ stack, at }) => [
    `--config.file=${at.configDir("prometheus")}/prometheus.yml`,
    `--storage.tsdb.path=${at.dataDir("prometheus")}`,
    `--storage.tsdb.retention.time=${stack.metrics.retention}`,
    `--storage.tsdb.retention.size=${stack.metrics.retentionSize}`,
    `--web.listen-address=${at.listen("prometheus")}`,
    // The collector's metrics come in over OTLP; remote write serves programs that speak only that.
    "--web.enable-otlp-receiver",
    "--web.enable-remote-write-receiver",
    // A page of another origin must not read what is stored here.
    "--web.cors.origin=^$",
    // Runbooks, under /user: they are there when people are called, as long as Prometheus is.
    `--web.user-assets=${at.configDir("prometheus")}/runbooks`,
    // Without a zero sample at a counter's start, its first increments would be lost to increase().
    "--enable-feature=exemplar-storage,created-timestamp-zero-ingestion",
    // New targets are taken up within a second instead of five; with few targets there is nothing to spare.
    "--scrape.discovery-reload-interval=1s",
    "--log.level=info",
  ],
  files: (context) => [
    {
      path: "prometheus.yml",
      main: true,
      keys: ["scrapeJobs", "metrics", "alerting.rules", "environment"],
      content: prometheusConfig(context),
    },
    ...context.ruleFiles.map(
      (file): ConfigFile => ({
        path: `rules/${file.name}`,
        keys: [file.pack ? "alerting.packs" : "alerting.rules"],
        content: file.text,
        copyOf: file.source,
      }),
    ),
    ...context.runbooks.map(
      ({ name, text }): ConfigFile => ({
        path: `runbooks/${name}`,
        keys: ["alerting.packs"],
        content: text,
      }),
    ),
  ],
  secrets: (stack) =>
    stack.scrapeJobs.flatMap(({ auth }) =>
      auth ? ["bearer" in auth ? auth.bearer.secret : auth.password.secret] : [],
    ),
  projectFiles: (stack) => stack.scrapeJobs.flatMap((job) => job.files ?? []),
  readiness: () => ({ port: "prometheus", path: "/-/ready" }),
  metrics: () => ({ port: "prometheus", path: "/metrics" }),
  reload: "SIGHUP",
  reloadMetrics: {
    successful: "prometheus_config_last_reload_successful",
    timestamp: "prometheus_config_last_reload_success_timestamp_seconds",
  },
  memoryMiB: () => 2048,
  stopSeconds: 60,
  compose: reachesThisMachine,
  page: { port: "prometheus", title: "metrics and rules", imageOnly: true },
};

/** Resource attributes that become labels of every series that came over OTLP; all of bounded cardinality. */
const promotedAttributes = [
  "deployment.environment.name",
  "service.version",
  "k8s.namespace.name",
  "k8s.cluster.name",
  "cloud.region",
];

function prometheusConfig(context: RenderContext): object {
  const { stack, at, ruleFiles } = context;
  return {
    global: {
      scrape_interval: stack.metrics.scrapeInterval,
      evaluation_interval: stack.metrics.scrapeInterval,
    },
    otlp: {
      promote_resource_attributes: promotedAttributes,
      keep_identifying_resource_attributes: true,
      translation_strategy: "UnderscoreEscapingWithSuffixes",
    },
    storage: {
      // A queue that is replayed after an outage brings samples older than the newest stored ones.
      tsdb: { out_of_order_time_window: stack.metrics.outOfOrder },
      exemplars: { max_exemplars: 100_000 },
    },
    ...(ruleFiles.length > 0 ? { rule_files: ["rules/*"] } : {}),
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at.reach("alertmanager")] }] }] },
    scrape_configs: [
      ...ownJobs(context).map(({ job, port, path }) => ({
        job_name: job,
        scrape_interval: ownScrapeInterval(stack),
        metrics_path: path,
        static_configs: [
          { targets: [at.reach(port)], labels: { deployment_environment_name: stack.environment } },
        ],
      })),
      ...stack.scrapeJobs.map((job) => userJob(job, context)),
    ],
  };
}

/**
 * At most 10 s: the first scrape comes somewhere within one interval, and until then nobody can say of a stack that was
 * just started that all of it is scraped.
 */
function ownScrapeInterval({ metrics }: Stack): string {
  return (parseDuration(metrics.scrapeInterval) ?? 0) < 10_000 ? metrics.scrapeInterval : "10s";
}

/** The programs of the stack itself, each a scrape job of its service's name. */
function ownJobs(context: RenderContext): { job: ServiceName; port: PortName; path: string }[] {
  return context.members.flatMap((service) =>
    service.metrics ? [{ job: service.name, ...service.metrics(context) }] : [],
  );
}

function userJob(job: ScrapeJob, { stack, at }: RenderContext): object {
  const labels = { deployment_environment_name: stack.environment, ...job.labels };
  const secretPath = (ref: SecretRef) => at.secretFile("prometheus", ref.secret);
  const auth = job.auth;
  // Discovered targets carry no labels of ours: these are added while relabelling, without replacing a target's own.
  const discovered = Boolean(job.files ?? job.dns ?? job.docker);
  return {
    job_name: job.job,
    metrics_path: job.path,
    scheme: job.scheme,
    ...(job.interval && { scrape_interval: job.interval }),
    ...(job.timeout && { scrape_timeout: job.timeout }),
    ...(auth &&
      "bearer" in auth && { authorization: { type: "Bearer", credentials_file: secretPath(auth.bearer) } }),
    ...(auth &&
      "username" in auth && {
        basic_auth: { username: auth.username, password_file: secretPath(auth.password) },
      }),
    ...(job.static && {
      static_configs: [{ targets: job.static.map(at.external), ...(!discovered && { labels }) }],
    }),
    ...(job.files && { file_sd_configs: [{ files: job.files.map((file) => at.projectFile(file)) }] }),
    ...(job.dns && { dns_sd_configs: [{ names: job.dns.names, type: job.dns.type, port: job.dns.port }] }),
    ...(job.docker && { docker_sd_configs: [{ host: job.docker.host, port: job.docker.port }] }),
    ...(discovered && {
      relabel_configs: Object.entries(labels).map(([name, value]) => ({
        source_labels: [name],
        regex: "^$",
        target_label: name,
        replacement: value.replaceAll("$", "$$$$"),
      })),
    }),
  };
}
