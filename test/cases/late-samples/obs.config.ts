import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  metrics: { outOfOrder: "1h" },
});
