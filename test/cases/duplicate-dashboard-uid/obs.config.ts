import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  dashboards: [
    { uid: "costs", title: "Costs" },
    { uid: "latency", title: "Latency" },
    { uid: "Costs", title: "Costs per team" },
  ],
});
