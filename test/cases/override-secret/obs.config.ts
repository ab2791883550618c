import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    grafana: { smtp: { password: secret("SMTP_PASSWORD"), user: "obs" } },
    prometheus: {
      remote_write: [
        { url: "https://far.example.org/write", basic_auth: { username: "obs", password: "hunter2" } },
        { url: "https://near.example.org/write", basic_auth: { username: "obs", password_file: "/etc/near/password" } },
      ],
    },
    "otel-collector": { exporters: { "otlp_http/loki": { headers: { token: "${env:LOKI_TOKEN:-}" } } } },
  },
});
