import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  // 4317 is where OTLP over gRPC comes in; 9100 over UDP clashes with nothing.
  ports: { grafana: 9090, loki: 4317, jaegerThriftUdp: 9100 },
});
