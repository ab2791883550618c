import { goDuration } from "../duration.js";
import { hostPort, portNumber } from "../ports.js";
import type { RenderContext, Service } from "./service.js";

/** Keeps logs. */
export const loki: Service = {
  name: "loki",
  title: "keeps logs",
  program: "loki",
  user: "10001:10001",
  imageDataDir: "/loki",
  wanted: () => true,
  ports: () => ["loki", "lokiGrpc"],
  published: () => ["loki"],
  args: ({ at }) => [`-config.file=${at.configDir("loki")}/loki.yml`],
  files: (context) => [
    {
      path: "loki.yml",
      main: true,
      keys: ["logs.retention", "logs.ingestionRateMB"],
      content: lokiConfig(context),
    },
  ],
  readiness: () => ({ port: "loki", path: "/ready" }),
  metrics: () => ({ port: "loki", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 1024,
  stopSeconds: 30,
};

function lokiConfig({ stack, at }: RenderContext): object {
  const data = at.dataDir("loki");
  return {
    auth_enabled: false,
    server: {
      http_listen_address: at.listenHost("loki"),
      http_listen_port: portNumber(stack, "loki"),
      // Only Loki itself talks gRPC here.
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: portNumber(stack, "lokiGrpc"),
      grpc_server_max_recv_msg_size: 16 * 1024 * 1024,
      log_level: "warn",
    },
    common: {
      instance_addr: "127.0.0.1",
      path_prefix: data,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: `${data}/chunks`, rules_directory: `${data}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    ingester: {
      // Waiting 15 s "to be sure" helps a cluster, not a single instance: ready means ready.
      lifecycler: { min_ready_duration: "0s" },
      // Chunks stay open this long without new lines; the write-ahead log keeps them safe meanwhile.
      chunk_idle_period: "30m",
      wal: { dir: `${data}/wal`, replay_memory_ceiling: "256MB" },
    },
    // A single instance's querier talks to its frontend straight; by way of the scheduler's ring it would find it
    // only at the ring's next look, 10 s after the start.
    frontend_worker: { frontend_address: hostPort("127.0.0.1", portNumber(stack, "lokiGrpc")) },
    limits_config: {
      retention_period: goDuration(stack.logs.retention),
      ingestion_rate_mb: stack.logs.ingestionRateMB,
      ingestion_burst_size_mb: stack.logs.ingestionRateMB * 2,
      // A replayed queue may bring logs from the hours when Loki was away.
      reject_old_samples_max_age: goDuration(stack.logs.retention),
      allow_structured_metadata: true,
      volume_enabled: true,
      otlp_config: {
        // Loki's own list would index service.instance.id: a stream for every restart of every replica.
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [
            {
              action: "index_label",
              attributes: ["service.name", "service.namespace", "deployment.environment.name"],
            },
          ],
        },
      },
    },
    compactor: {
      working_directory: `${data}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    query_range: { results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: 32 } } } },
    analytics: { reporting_enabled: false },
  };
}
