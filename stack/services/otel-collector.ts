import { tellingScopes } from "../../llm/semconv.js";
import type { Stack } from "../define.js";
import { goDuration, parseDuration } from "../duration.js";
import { type PortName, portNumber } from "../ports.js";
import { isSecretRef } from "../secret.js";
import { appMetrics } from "./app-metrics.js";
import { contentAttributes, contentEvents } from "./content.js";
import { genAiSpanNames } from "./genai.js";
import {
  keepTraceAttribute,
  reachesThisMachine,
  spanDurationBuckets,
  spanMetricsNamespaces,
} from "./names.js";
import type { RenderContext, Service } from "./service.js";

/** Receives all telemetry, samples, and hands it to the stores. */
export const otelCollector: Service = {
  name: "otel-collector",
  title: "receives telemetry",
  program: "otelcol",
  // The image is empty but for the binary: its volume gets its owner from the Prometheus image, which runs as 65534.
  user: "65534:65534",
  imageDataDir: "/var/lib/otelcol",
  prepareVolumeWith: { image: "prometheus", mountAt: "/prometheus" },
  wanted: () => true,
  ports: ({ stack }) => [...receiverPorts(stack), "collectorHealth", "collectorMetrics"],
  published: ({ stack }) => [...receiverPorts(stack), "collectorHealth"],
  args: ({ at }) => [`--config=${at.configDir("otel-collector")}/otel-collector.yml`],
  // The garbage collector works harder before the memory limiter has to refuse data; as long as there is room it works
  // seldom, which saves a fifth of the processor time that a span costs (`npm run bench`).
  env: ({ stack }) => ({
    GOMEMLIMIT: `${Math.floor(stack.collector.memoryLimitMiB * 0.8)}MiB`,
    GOGC: "400",
  }),
  files: (context) => [
    {
      path: "otel-collector.yml",
      main: true,
      keys: ["collector", "otlp", "bind", "traces.sampling", "environment"],
      content: collectorConfig(context),
    },
  ],
  secrets: (stack) => [
    ...(stack.otlp.token ? [stack.otlp.token.secret] : []),
    ...Object.values(stack.collector.exporters).flatMap((exporter) =>
      exporter.type === "otlp"
        ? Object.values(exporter.headers).flatMap((value) => (isSecretRef(value) ? [value.secret] : []))
        : [],
    ),
  ],
  projectFiles: ({ otlp }) => (otlp.tls ? [otlp.tls.certificate, otlp.tls.key] : []),
  readiness: () => ({ port: "collectorHealth", path: "/" }),
  metrics: () => ({ port: "collectorMetrics", path: "/metrics" }),
  reload: "restart",
  // Above the limiter's bound, so that the limiter refuses data before the kernel ends the process.
  memoryMiB: (stack) => Math.ceil(stack.collector.memoryLimitMiB * 1.5),
  stopSeconds: 30,
  compose: reachesThisMachine,
};

function receiverPorts({ collector }: Stack): PortName[] {
  return [
    "otlpGrpc",
    "otlpHttp",
    ...(collector.receivers.jaeger ? (["jaegerThriftUdp", "jaegerThriftHttp", "jaegerGrpc"] as const) : []),
    ...(collector.receivers.zipkin ? (["zipkin"] as const) : []),
  ];
}

/** Span attributes that become labels of the span metrics: all of bounded cardinality. */
const spanDimensions = [
  "http.request.method",
  "http.route",
  "http.response.status_code",
  "rpc.method",
  "messaging.destination.name",
  "db.system.name",
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "error.type",
];

function collectorConfig(context: RenderContext): object {
  const { stack, at } = context;
  const extra = extraExporters(context);
  const extraFor = (signal: "traces" | "metrics" | "logs") =>
    extra.filter((exporter) => exporter.signals.includes(signal)).map((exporter) => exporter.id);
  const { keep: keepContent } = stack.collector.content;
  const ledger = stack.llm.ledger.enabled;
  const renamed = appMetrics(stack);
  const content = keepContent ? "redaction" : "transform/drop-content";
  const traceReceivers = [
    "otlp",
    ...(stack.collector.receivers.jaeger ? ["jaeger"] : []),
    ...(stack.collector.receivers.zipkin ? ["zipkin"] : []),
  ];
  return {
    extensions: {
      health_check: { endpoint: at.listen("collectorHealth") },
      file_storage: {
        directory: `${at.dataDir("otel-collector")}/queue`,
        create_directory: true,
        // Space of a queue that was long is given back, at start and when it has emptied.
        compaction: {
          directory: `${at.dataDir("otel-collector")}/queue`,
          on_start: true,
          on_rebound: true,
          cleanup_on_start: true,
        },
      },
      ...(stack.otlp.token && {
        bearertokenauth: { filename: at.secretFile("otel-collector", stack.otlp.token.secret) },
      }),
    },
    receivers: receivers(context),
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: stack.collector.memoryLimitMiB,
        spike_limit_mib: Math.ceil(stack.collector.memoryLimitMiB / 5),
      },
      "transform/identity": identity(stack),
      "transform/gauges": gaugesWithoutStart(),
      "transform/span-metrics": {
        error_mode: "ignore",
        // One series for all replicas of a service: the resource of whichever span came first must not name one.
        metric_statements: [
          'keep_keys(resource.attributes, ["service.name", "service.namespace", "deployment.environment.name"])',
        ],
      },
      ...(keepContent ? { redaction: redaction(stack) } : { "transform/drop-content": dropContent() }),
      deltatocumulative: { max_stale: "10m" },
      ...(renamed && { "transform/app-metrics": renamed }),
      ...(ledger && { "filter/genai": onlyGenAi() }),
      tail_sampling: tailSampling(stack),
    },
    connectors: {
      "forward/sampling": {},
      ...(ledger && { "forward/genai": {} }),
      span_metrics: spanMetrics(spanMetricsNamespaces.all, false),
      // Exemplars must point at traces that were kept, so they come from behind the sampling.
      "span_metrics/kept": spanMetrics(spanMetricsNamespaces.kept, true),
    },
    exporters: {
      ...traceExporter(context),
      "otlp_http/prometheus": { endpoint: `http://${at.reach("prometheus")}/api/v1/otlp`, ...queue(stack) },
      "otlp_http/loki": { endpoint: `http://${at.reach("loki")}/otlp`, ...queue(stack) },
      ...(ledger && {
        "otlp_http/ledger": { endpoint: `http://${at.reach("ledger")}`, ...queue(stack, ledgerBatch) },
      }),
      ...Object.fromEntries(extra.map((exporter) => [exporter.id, exporter.config])),
    },
    service: {
      extensions: ["health_check", "file_storage", ...(stack.otlp.token ? ["bearertokenauth"] : [])],
      telemetry: {
        logs: { level: "info", encoding: "json" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: metricsReader(context) } } }],
        },
      },
      pipelines: {
        "traces/in": {
          receivers: traceReceivers,
          processors: ["memory_limiter", "transform/identity", content],
          exporters: ["span_metrics", "forward/sampling", ...(ledger ? ["forward/genai"] : [])],
        },
        // Every call costs, whether its trace is kept or not.
        ...(ledger && {
          "traces/genai": {
            receivers: ["forward/genai"],
            processors: ["filter/genai"],
            exporters: ["otlp_http/ledger"],
          },
        }),
        "traces/kept": {
          receivers: ["forward/sampling"],
          processors: ["tail_sampling"],
          exporters: [traceExporterId(context), "span_metrics/kept", ...extraFor("traces")],
        },
        "metrics/spans": {
          receivers: ["span_metrics", "span_metrics/kept"],
          processors: ["transform/span-metrics"],
          exporters: ["otlp_http/prometheus"],
        },
        metrics: {
          receivers: ["otlp"],
          processors: [
            "memory_limiter",
            "transform/identity",
            "transform/gauges",
            ...(renamed ? ["transform/app-metrics"] : []),
            "deltatocumulative",
          ],
          exporters: ["otlp_http/prometheus", ...extraFor("metrics")],
        },
        logs: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "transform/identity", content],
          exporters: ["otlp_http/loki", ...extraFor("logs")],
        },
      },
    },
  };
}

function receivers({ stack, at }: RenderContext): object {
  const { tls, token } = stack.otlp;
  const guard = {
    ...(tls && { tls: { cert_file: at.projectFile(tls.certificate), key_file: at.projectFile(tls.key) } }),
    ...(token && { auth: { authenticator: "bearertokenauth" } }),
  };
  return {
    otlp: {
      protocols: {
        grpc: { endpoint: at.listen("otlpGrpc"), max_recv_msg_size_mib: 16, ...guard },
        http: { endpoint: at.listen("otlpHttp"), ...guard },
      },
    },
    ...(stack.collector.receivers.jaeger && {
      jaeger: {
        protocols: {
          grpc: { endpoint: at.listen("jaegerGrpc") },
          thrift_http: { endpoint: at.listen("jaegerThriftHttp") },
          thrift_compact: { endpoint: at.listen("jaegerThriftUdp") },
        },
      },
    }),
    ...(stack.collector.receivers.zipkin && { zipkin: { endpoint: at.listen("zipkin") } }),
  };
}

/**
 * Who sent it. Two replicas without an instance id would write into one series and turn counters into nonsense, so
 * one is derived from what tells processes apart; what cannot be told apart is marked, and `obs verify` reports it.
 */
function identity(stack: Stack): object {
  const missing = 'resource.attributes["service.instance.id"] == nil';
  const has = (key: string) => `resource.attributes["${key}"] != nil`;
  const statements = [
    // Prometheus takes an empty label for none at all.
    'delete_key(resource.attributes, "service.instance.id") where resource.attributes["service.instance.id"] == ""',
    // The name until 1.26; OpenLIT says `default` where nobody named one.
    `set(resource.attributes["deployment.environment.name"], resource.attributes["deployment.environment"]) where resource.attributes["deployment.environment.name"] == nil and ${has("deployment.environment")} and resource.attributes["deployment.environment"] != "default"`,
    `set(resource.attributes["deployment.environment.name"], ${JSON.stringify(stack.environment)}) where resource.attributes["deployment.environment.name"] == nil`,
    `set(resource.attributes["service.instance.id"], resource.attributes["k8s.pod.uid"]) where ${missing} and ${has("k8s.pod.uid")}`,
    `set(resource.attributes["service.instance.id"], resource.attributes["container.id"]) where ${missing} and ${has("container.id")}`,
    `set(resource.attributes["service.instance.id"], Concat([resource.attributes["host.name"], resource.attributes["process.pid"]], ":")) where ${missing} and ${has("host.name")} and ${has("process.pid")}`,
    `set(resource.attributes["service.instance.id"], resource.attributes["host.name"]) where ${missing} and ${has("host.name")}`,
    `set(resource.attributes["service.instance.id"], "unidentified") where ${missing}`,
  ];
  return {
    error_mode: "ignore",
    trace_statements: statements,
    metric_statements: statements,
    log_statements: statements,
  };
}

/** Prometheus writes a zero at the start of what has one: true of a count, and a lie about a quota that is left. */
function gaugesWithoutStart(): object {
  return {
    error_mode: "ignore",
    metric_statements: ["set(datapoint.start_time_unix_nano, 0) where metric.type == METRIC_DATA_TYPE_GAUGE"],
  };
}

/** Prompts, completions and tool arguments: some instrumentations send them unasked. */
function dropContent(): object {
  const keys = JSON.stringify(contentAttributes);
  return {
    error_mode: "ignore",
    // Two groups: in one, both statements would run for each event, and never for a span without events.
    trace_statements: [
      { context: "span", statements: [`delete_matching_keys(span.attributes, ${keys})`] },
      { context: "spanevent", statements: [`delete_matching_keys(spanevent.attributes, ${keys})`] },
    ],
    log_statements: [
      `delete_matching_keys(log.attributes, ${keys})`,
      `set(log.body, "content dropped") where IsMatch(log.event_name, ${JSON.stringify(contentEvents)})`,
      `set(log.body, "content dropped") where log.attributes["event.name"] != nil and IsMatch(log.attributes["event.name"], ${JSON.stringify(contentEvents)})`,
    ],
  };
}

/** Leaves spans about models, agents and tools. A condition names what is dropped. */
function onlyGenAi(): object {
  return {
    error_mode: "ignore",
    traces: {
      span: [
        [
          ...genAiSpanNames.map((name) => `attributes["${name}"] == nil`),
          ...tellingScopes.map((name) => `instrumentation_scope.name != "${name}"`),
        ].join(" and "),
      ],
    },
  };
}

function redaction(stack: Stack): object {
  return { allow_all_keys: true, blocked_values: stack.collector.content.redact, summary: "silent" };
}

function tailSampling({ traces: { sampling } }: Stack): object {
  return {
    decision_wait: goDuration(sampling.decisionWait),
    decision_wait_after_root_received: goDuration(sampling.afterRoot),
    num_traces: sampling.maxTraces,
    // Spans that come after the decision follow it, so that no trace is kept in part.
    decision_cache: {
      sampled_cache_size: sampling.maxTraces * 2,
      non_sampled_cache_size: sampling.maxTraces * 2,
    },
    policies: [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: parseDuration(sampling.slow) } },
      {
        name: "asked-for",
        type: "boolean_attribute",
        boolean_attribute: { key: keepTraceAttribute, value: true },
      },
      {
        name: "rest",
        type: "probabilistic",
        probabilistic: { sampling_percentage: sampling.keepPercent },
      },
    ],
  };
}

function spanMetrics(namespace: string, exemplars: boolean): object {
  return {
    namespace,
    histogram: { unit: "s", explicit: { buckets: spanDurationBuckets } },
    dimensions: spanDimensions.map((name) => ({ name })),
    exemplars: { enabled: exemplars, max_per_data_point: 5 },
    // Without it, spans of two resources of one service overwrite each other's counts.
    resource_metrics_key_attributes: ["service.name", "service.namespace", "deployment.environment.name"],
    // The default of a minute is too slow for anybody who waits for a result.
    metrics_flush_interval: "5s",
    aggregation_cardinality_limit: 20_000,
  };
}

/** Spans that the ledger is sent at once: what it holds in memory is a few times as much. */
const ledgerBatch = 2_048;

/** Batches lie in the persistent queue itself: what was acknowledged to a sender is on disk. */
function queue({ collector }: Stack, largestBatch = 8_192): object {
  return {
    sending_queue: {
      enabled: true,
      storage: "file_storage",
      queue_size: collector.queue.size,
      // Not requests, the default: each trace that sampling keeps is one, so that a few thousand would fill the queue.
      sizer: "items",
      num_consumers: 4,
      batch: { flush_timeout: "200ms", min_size: 2_048, max_size: largestBatch, sizer: "items" },
    },
    retry_on_failure: {
      enabled: true,
      initial_interval: "1s",
      max_interval: "30s",
      max_elapsed_time: goDuration(collector.queue.retryFor),
    },
  };
}

function traceExporterId({ facts }: RenderContext): string {
  return `otlp_grpc/${facts.traces.backend}`;
}

function traceExporter(context: RenderContext): object {
  const { stack, at, facts } = context;
  const port = facts.traces.backend === "tempo" ? "tempoOtlpGrpc" : "jaegerOtlpGrpc";
  return {
    [traceExporterId(context)]: { endpoint: at.reach(port), tls: { insecure: true }, ...queue(stack) },
  };
}

type ExtraExporter = Stack["collector"]["exporters"][string];

function extraExporters(context: RenderContext): { id: string; config: object; signals: string[] }[] {
  return Object.entries(context.stack.collector.exporters).map(([name, exporter]) => ({
    id: `${exporterKind(exporter)}/${name}`,
    config: exporterConfig(exporter, context),
    signals: exporter.signals,
  }));
}

function exporterKind(exporter: ExtraExporter): string {
  if (exporter.type === "console") return "debug";
  if (exporter.type === "file") return "file";
  return exporter.protocol === "grpc" ? "otlp_grpc" : "otlp_http";
}

function exporterConfig(exporter: ExtraExporter, { stack, at }: RenderContext): object {
  if (exporter.type === "console") return { verbosity: exporter.verbosity };
  if (exporter.type === "file") {
    return {
      path: `${at.dataDir("otel-collector")}/${exporter.name}`,
      rotation: { max_megabytes: exporter.maxMegabytes, max_backups: exporter.keepFiles },
      format: "json",
    };
  }
  const headers = Object.entries(exporter.headers).map(([header, value]) => [
    header,
    // The collector itself reads the file; `$` of a plain value must not be taken for such a reference.
    isSecretRef(value)
      ? `\${file:${at.secretFile("otel-collector", value.secret)}}`
      : value.replaceAll("$", "$$$$"),
  ]);
  return {
    endpoint: at.external(exporter.endpoint),
    tls: { insecure: exporter.insecure },
    headers: Object.fromEntries(headers),
    ...queue(stack),
  };
}

/** With units and `_total` in its metrics' names, as everything else in Prometheus has them; its default is without. */
function metricsReader({ stack, at }: RenderContext): object {
  return {
    host: at.listenHost("collectorMetrics"),
    port: portNumber(stack, "collectorMetrics"),
    without_type_suffix: false,
    without_units: false,
  };
}
