import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  bind: "0.0.0.0",
  otlp: {
    token: secret("OTLP_TOKEN"),
    tls: { certificate: "tls/certificate.pem", key: "tls/key.pem" },
  },
});
