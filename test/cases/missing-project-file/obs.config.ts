import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  otlp: { token: secret("OTLP_TOKEN"), tls: { certificate: "tls/cert.pem", key: "tls/key.pem" } },
  scrapeJobs: [{ job: "api", files: ["targets/*.json"] }],
});
