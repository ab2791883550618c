import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  collector: { content: { keep: true, redact: ["\\b[A-Z{2}\\d{20}\\b", "\\b[A-Z]{2}\\d{20}\\b", "(?<=key=)\\w+"] } },
});
