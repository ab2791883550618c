import { defineStack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";

const llm: object = {
  errorRate: {
    critical: 1.5,
    warningWindow: "a while",
    by: ["model", "user"],
    overrides: [
      { feature: "chat", team: "web", critical: 0.1 },
      { feature: "search", critcal: 0.1 },
    ],
  },
  latency: { critical: -3, minimumCalls: 0 },
  dailyCost: { critical: 0.5 },
  noSucces: false,
};

export default defineStack({
  name: "shop",
  alerting: {
    packs: [
      llmPack(llm),
      servicePack({ errorPercent: 500, services: { checkout: { latencyP99Seconds: 0 } } }),
      hostPack({ memoryAvailablePercent: Number.NaN }),
      stackPack({ queuePercent: 100 }),
    ],
  },
});
