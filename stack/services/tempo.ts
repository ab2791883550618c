import { goDuration } from "../duration.js";
import { portNumber } from "../ports.js";
import type { RenderContext, Service } from "./service.js";

/** Keeps traces. */
export const tempo: Service = {
  name: "tempo",
  title: "keeps traces",
  program: "tempo",
  user: "10001:10001",
  imageDataDir: "/var/tempo",
  wanted: (_stack, facts) => facts.traces.backend === "tempo",
  ports: () => ["tempo", "tempoGrpc", "tempoGossip", "tempoOtlpGrpc"],
  published: () => ["tempo"],
  args: ({ at }) => [`-config.file=${at.configDir("tempo")}/tempo.yml`],
  files: (context) => [
    { path: "tempo.yml", main: true, keys: ["traces.retention"], content: tempoConfig(context) },
  ],
  readiness: () => ({ port: "tempo", path: "/ready" }),
  metrics: () => ({ port: "tempo", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 1024,
  stopSeconds: 30,
};

// Tempo 3: no ingester and no compactor; retention stands in two places, and several paths default outside the
// data folder. https://grafana.com/docs/tempo/v3.0.x/set-up-for-tracing/setup-tempo/upgrade/
function tempoConfig({ stack, at }: RenderContext): object {
  const data = at.dataDir("tempo");
  const retention = { compaction: { block_retention: goDuration(stack.traces.retention) } };
  return {
    target: "all",
    stream_over_http_enabled: true,
    server: {
      http_listen_address: at.listenHost("tempo"),
      http_listen_port: portNumber(stack, "tempo"),
      // Only Tempo itself talks gRPC and gossips here.
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: portNumber(stack, "tempoGrpc"),
      log_level: "warn",
    },
    memberlist: { bind_addr: ["127.0.0.1"], bind_port: portNumber(stack, "tempoGossip") },
    distributor: {
      receivers: { otlp: { protocols: { grpc: { endpoint: at.listen("tempoOtlpGrpc") } } } },
    },
    live_store: {
      wal: { path: `${data}/live-store/traces` },
      shutdown_marker_dir: `${data}/live-store/shutdown-marker`,
    },
    block_builder: { wal: { path: `${data}/block-builder/traces` } },
    // The service graph is made from the traces that were kept; everything else about spans comes from the collector.
    metrics_generator: {
      registry: { collection_interval: "15s" },
      storage: {
        path: `${data}/generator/wal`,
        remote_write: [{ url: `http://${at.reach("prometheus")}/api/v1/write`, send_exemplars: true }],
      },
    },
    overrides: { defaults: { metrics_generator: { processors: ["service-graphs"] } } },
    backend_scheduler: { local_work_path: `${data}/work`, provider: { compaction: retention } },
    backend_worker: retention,
    storage: {
      trace: { backend: "local", wal: { path: `${data}/wal` }, local: { path: `${data}/blocks` } },
    },
    usage_report: { reporting_enabled: false },
  };
}
