import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    "otel-collector": {
      exporters: {
        "otlp_http/loki": {
          headers: { region: "${env:REGION}", zone: "${ZONE}", team: "${env:TEAM:-none}", price: "$${PRICE}", given: "${env:GIVEN}" },
        },
      },
    },
    compose: { services: { "otel-collector": { environment: { GIVEN: "yes" } } } },
  },
});
