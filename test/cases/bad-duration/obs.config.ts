import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  traces: { retention: "7 days", sampling: { slow: "5sec" } },
  logs: { retention: "" },
});
