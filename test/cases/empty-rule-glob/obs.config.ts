import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: { rules: ["rules/*.yml", "alert/**/*.yml", "rules"] },
});
