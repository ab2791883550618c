import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { played, recordOwnPrograms } from "../../stack/catalog/own-programs.js";
import { prometheusApi } from "../../stack/catalog/prometheus-api.js";
import type { Recording } from "../../stack/catalog/recording.js";
import { playedCalls, playedMoney } from "./played-calls.js";
import { playTelemetry } from "./played-telemetry.js";
import { ledgerRows, sendSpans } from "./stack-ledger.js";
import { waitFor } from "./wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "./with-stack.js";

/** A native stack to which enough happens that its programs expose all they have. */
export interface RunningCatalog {
  stack: TestStack;
  /** What the programs expose now, after one more round of telemetry and queries. */
  recordNow(): Promise<Map<string, Recording>>;
  remove(): Promise<void>;
}

const rules = `groups:
  - name: played
    interval: 2s
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: Played
        expr: count(up) > 0
        labels: { severity: warning }
        annotations: { summary: played }
`;

/** Brings it up. The caller removes it. */
export async function makeRunningCatalog(): Promise<RunningCatalog> {
  // A destination that refuses all for good, and one that never answers: what is lost there is counted.
  const refusing = await serve((response) => response.writeHead(400).end());
  const silent = await serve(() => {});
  const hooks = await serve((response) => response.writeHead(200).end());
  const stack = await makeTestStack({
    definition: {
      grafana: { enabled: false },
      metrics: { scrapeInterval: "2s" },
      llm: { prices: playedMoney.prices },
      traces: { backend: "jaeger", sampling: { keepPercent: 50, decisionWait: "2s", afterRoot: "200ms" } },
      collector: {
        exporters: {
          refusing: { type: "otlp", endpoint: urlOf(refusing) },
          silent: { type: "otlp", endpoint: urlOf(silent) },
        },
      },
      alerting: {
        receivers: { oncall: { webhook: [{ url: urlOf(hooks) }] } },
        route: { receiver: "oncall", groupWait: "1s" },
      },
      overrides: {
        "otel-collector": {
          exporters: {
            "otlp_http/silent": { sending_queue: { queue_size: 1, num_consumers: 1, batch: null } },
          },
        },
      },
    },
    files: { "alerts/played.yml": rules },
  });
  const signal = new AbortController().signal;
  const remove = async () => {
    for (const server of [refusing, silent, hooks]) {
      server.closeAllConnections();
      server.close();
    }
    await removeTestStack(stack);
  };
  try {
    await stack.ok(["up", "--runtime", "native"]);
    await stack.ok(["verify"]);
    await sendSpans(stack, playedCalls());
    await waitFor("the calls in the ledger", async () => {
      const [row] = await ledgerRows<{ days: number }>(
        stack,
        "SELECT count(DISTINCT day)::int AS days FROM llm_usage_daily WHERE feature = 'played'",
      );
      return row!.days > 10;
    });
    // Sums of money are taken once a minute, and at the start: this one starts the ledger anew.
    await stack.define({ llm: playedMoney });
    await stack.ok(["up"]);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    stack,
    async recordNow() {
      await playTelemetry(stack.url("otlpHttp"));
      await ask(stack);
      return recordOwnPrograms(prometheusApi(stack.url("prometheus"), signal));
    },
    remove,
  };
}

/** Questions, good and bad, as a Grafana and people ask them: most programs count requests by route and outcome. */
async function ask(stack: TestStack): Promise<void> {
  const now = Date.now();
  const range = `start=${now / 1000 - 60}&end=${now / 1000}&step=5`;
  const logs = encodeURIComponent('{service_name=~".+"}');
  const gets = [
    stack.url("prometheus", "/api/v1/query?query=up"),
    stack.url("prometheus", "/api/v1/query?query=up%7B"),
    stack.url("prometheus", `/api/v1/query_range?query=up&${range}`),
    stack.url("prometheus", `/api/v1/query_exemplars?query=up&${range}`),
    stack.url("loki", `/loki/api/v1/query_range?query=${logs}&start=${now - 60_000}000000&end=${now}000000`),
    stack.url(
      "loki",
      `/loki/api/v1/query?query=${encodeURIComponent('count_over_time({service_name=~".+"}[1m])')}`,
    ),
    stack.url("loki", "/loki/api/v1/query?query=%7B"),
    stack.url("loki", "/loki/api/v1/labels"),
    stack.url("loki", "/loki/api/v1/label/service_name/values"),
    stack.url("loki", `/loki/api/v1/series?match[]=${logs}`),
    stack.url("loki", `/loki/api/v1/index/stats?query=${logs}`),
    stack.url("jaeger", "/api/services"),
    stack.url("jaeger", `/api/traces?service=${played.service}&limit=5`),
    stack.url("jaeger", "/api/traces/00000000000000000000000000000001"),
    stack.url("jaeger", `/api/dependencies?endTs=${now}&lookback=60000`),
    stack.url("alertmanager", "/api/v2/alerts"),
    stack.url("alertmanager", "/api/v2/status"),
    stack.url("alertmanager", "/api/v2/silences"),
  ];
  await Promise.all(gets.map(async (url) => void (await (await fetch(url)).text())));
}

function serve(answer: (response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
