import { goDuration } from "../duration.js";
import { hostPort, portNumber } from "../ports.js";
import type { Service } from "./service.js";

/** Keeps traces where Tempo is not there. */
export const jaeger: Service = {
  name: "jaeger",
  title: "keeps traces",
  program: "jaeger",
  user: "10001:10001",
  imageDataDir: "/tmp",
  wanted: (_stack, facts) => facts.traces.backend === "jaeger",
  ports: () => [
    "jaeger",
    "jaegerQueryGrpc",
    "jaegerAdmin",
    "jaegerOtlpGrpc",
    "jaegerOtlpHttp",
    "jaegerLegacyGrpc",
    "jaegerLegacyHttp",
  ],
  published: () => ["jaeger", "jaegerAdmin"],
  args: ({ stack, at }) => {
    // The intakes that nobody uses cannot be switched off: they go to loopback.
    const unused = (name: Parameters<typeof portNumber>[1]) => hostPort("127.0.0.1", portNumber(stack, name));
    const data = at.dataDir("jaeger");
    return [
      `--query.http-server.host-port=${at.listen("jaeger")}`,
      `--query.grpc-server.host-port=${unused("jaegerQueryGrpc")}`,
      `--admin.http.host-port=${at.listen("jaegerAdmin")}`,
      `--collector.otlp.grpc.host-port=${at.listen("jaegerOtlpGrpc")}`,
      `--collector.otlp.http.host-port=${unused("jaegerOtlpHttp")}`,
      `--collector.grpc-server.host-port=${unused("jaegerLegacyGrpc")}`,
      `--collector.http-server.host-port=${unused("jaegerLegacyHttp")}`,
      // The old agent inside: its UDP intakes get no workers and a port of the system's choice.
      "--http-server.host-port=127.0.0.1:0",
      "--processor.jaeger-compact.server-host-port=127.0.0.1:0",
      "--processor.jaeger-binary.server-host-port=127.0.0.1:0",
      "--processor.zipkin-compact.server-host-port=127.0.0.1:0",
      "--badger.ephemeral=false",
      `--badger.directory-key=${data}/badger/keys`,
      `--badger.directory-value=${data}/badger/values`,
      `--badger.span-store-ttl=${goDuration(stack.traces.retention)}`,
      // It drops what its queue can't hold, without telling the sender: room for several of the collector's batches.
      "--collector.queue-size=200000",
      "--log-level=warn",
    ];
  },
  // It would trace its own requests into the very collector it stores for.
  env: () => ({ SPAN_STORAGE_TYPE: "badger", OTEL_TRACES_SAMPLER: "always_off" }),
  files: () => [],
  readiness: () => ({ port: "jaegerAdmin", path: "/" }),
  metrics: () => ({ port: "jaegerAdmin", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 1024,
  stopSeconds: 30,
  page: { port: "jaeger", title: "traces", imageOnly: true },
};
