import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  bind: "0.0.0.0",
  otlp: { token: secret("OTLP_TOKEN") },
  overrides: { compose: { services: { grafana: { ports: ["3000:3000"] } } } },
});
