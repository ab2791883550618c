import { defineStack, secret } from "obs-stack";

export default defineStack({
  name: "shop",
  otlp: { token: secret("hunter2") },
});
