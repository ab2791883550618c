import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  otlp: { token: secret("hunter2") },
  collector: {
    exporters: {
      // May also be a text that is no secret.
      other: { type: "otlp", endpoint: "https://example.org", headers: { authorization: secret("other-token") } },
    },
  },
});
