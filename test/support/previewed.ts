import type { Generated } from "../../stack/preview/generate.js";

/** What the preview generates of a stack with dashboards of these UIDs, and a Prometheus at an address. */
export function generatedOf(uids: readonly string[], address = "127.0.0.1:1"): Generated {
  return {
    stack: "shop",
    dashboards: uids.map((uid) => ({
      shown: { uid, title: uid, tags: [] },
      json: JSON.stringify({ uid, title: uid, panels: [] }),
    })),
    runbooks: "http://127.0.0.1:9090/user/",
    stores: [
      {
        uid: "prometheus",
        type: "prometheus",
        name: "Prometheus",
        address,
        ready: `http://${address}/-/ready`,
        interval: "10s",
      },
    ],
    ledger: { llm: { ledger: { enabled: false } }, ports: {}, bind: "127.0.0.1" },
  };
}
