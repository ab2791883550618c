import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type StackInput, stackSchema } from "../../../stack/define.js";
import { portNames } from "../../../stack/ports.js";
import { type Project, projectAt } from "../../../stack/project.js";
import { render } from "../../../stack/render/render.js";
import type { Runtime } from "../../../stack/runtime/runtime.js";
import { inertWebhookUrl, verifyWebhookSecret } from "../../../stack/services/names.js";
import { ProblemError } from "../../../stack/validate/problem.js";
import type { Hop } from "../../../stack/verify/hop.js";
import { verifyStack } from "../../../stack/verify/verify.js";
import { freePorts } from "../../support/free-ports.js";
import { type Faults, type PlayedStores, playStores } from "../../support/played-stores.js";
import { withFolder } from "../../support/temporary-folder.js";

const services = ["otel-collector", "prometheus", "alertmanager", "loki", "jaeger", "node-exporter"];
const tlsFolder = fileURLToPath(new URL("../../support/tls/", import.meta.url));

interface Played {
  project: Project;
  stores: PlayedStores;
  hops: Hop[];
  verify(change?: { signal?: AbortSignal; limitMs?: number }): ReturnType<typeof verifyStack>;
  /** What the file that Alertmanager reads says. */
  webhookFile(): Promise<string>;
}

interface Play {
  faults?: Faults;
  definition?: Partial<StackInput>;
  /** Where the stack is looked for; the played stores unless given. */
  port?: number;
  tls?: boolean;
  backend?: "jaeger" | "tempo";
}

async function play(
  { faults = {}, definition = {}, port, tls, backend = "jaeger" }: Play,
  use: (played: Played) => Promise<void>,
) {
  await withFolder(async (folder) => {
    const project = projectAt(join(folder, "obs.config.ts"));
    const names = services.map((name) => (name === "jaeger" ? backend : name));
    const stores = await playStores(project, names, faults);
    try {
      // One server plays them all, so all ports are its own; what checks ports isn't asked here.
      const ports = Object.fromEntries(portNames.map((name) => [name, port ?? stores.port]));
      if (tls) ports.otlpHttp = stores.tlsPort;
      // Rows of a ledger can't be played: its hops are proven on running stacks.
      const llm = { ledger: { enabled: false } };
      const stack = stackSchema.parse({ name: "played", ports, llm, ...definition });
      const facts = { traces: { backend, why: "" }, grafana: { present: false, why: "" } };
      const rendered = render({ project, stack, ruleFiles: [], facts, runtime: "native" });
      const runtime = {
        webhookAddress: async () => ({ listen: "127.0.0.1", reach: "127.0.0.1" }),
        logs: async ({ services, onLine }) => {
          for (const service of services) {
            onLine(service, '{"level":"info","msg":"all is well"}');
            onLine(service, `{"level":"error","msg":"${service} has a word to say"}`);
          }
        },
      } satisfies Partial<Runtime> as unknown as Runtime;
      const hops: Hop[] = [];
      const onHop = (hop: Hop) => void hops.push(hop);
      await use({
        project,
        stores,
        hops,
        verify: ({ signal = new AbortController().signal, limitMs = 400 } = {}) =>
          verifyStack({ project, stack, rendered, runtime, signal, onHop, limitMs }),
        webhookFile: () => readFile(join(folder, ".obs/secrets/alertmanager", verifyWebhookSecret), "utf8"),
      });
    } finally {
      await stores.close();
    }
  });
}

/** Ids of the hops that ended in a state. */
const idsOf = (hops: readonly Hop[], state: Hop["state"]) =>
  hops.filter((hop) => hop.state === state).map(({ id }) => id);

// Long enough for whatever is played as working; only what is played as failing waits for all of it.
const patient = { limitMs: 20_000 };

test("a stack that works passes every hop, each told once as begun and once as passed", () =>
  play({}, async ({ verify, hops, webhookFile }) => {
    const { hops: all, problems } = await verify(patient);
    expect(problems).toEqual([]);
    expect(idsOf(all, "passed")).toEqual([
      "traces-accepted",
      "logs-accepted",
      "metrics-accepted",
      "trace-stored",
      "log-stored",
      "log-leads-to-trace",
      "metric-stored",
      "exemplar-stored",
      "spans-counted",
      "span-exemplar",
      "targets-up",
      "alert-delivered",
      "alert-resolved",
    ]);
    for (const { id } of all)
      expect(hops.filter((hop) => hop.id === id).map(({ state }) => state)).toEqual(["running", "passed"]);
    expect(await webhookFile()).toBe(inertWebhookUrl);
  }));

test("with Tempo the trace is looked for there, whose ids are in base64", () =>
  play({ backend: "tempo" }, async ({ verify }) => {
    const { hops, problems } = await verify(patient);
    expect(problems).toEqual([]);
    expect(hops.find(({ id }) => id === "trace-stored")?.title).toBe("trace in Tempo, all its spans");
  }));

test("a trace that never arrives fails its hop with the collector's and the store's last complaints", () =>
  play({ faults: { traceMissing: true } }, async ({ verify }) => {
    const { hops, problems } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["trace-stored"]);
    expect(idsOf(hops, "skipped")).toEqual(["log-leads-to-trace", "span-exemplar"]);
    expect(problems).toEqual([
      {
        id: "verify-trace-stored",
        severity: "error",
        what: "The trace did not arrive in Jaeger.",
        why: "The collector had accepted it.",
        next: expect.stringContaining("obs logs otel-collector jaeger"),
        output: [
          'otel-collector: {"level":"error","msg":"otel-collector has a word to say"}',
          'jaeger: {"level":"error","msg":"jaeger has a word to say"}',
        ],
      },
    ]);
  }));

test("a trace that lacks a span is not called whole", () =>
  play({ faults: { traceCut: true } }, async ({ verify }) => {
    const { problems } = await verify();
    expect(problems.map(({ what }) => what)).toContain("Jaeger has 1 of the trace's 2 spans.");
  }));

test("a log that never arrives fails its hop and skips its link", () =>
  play({ faults: { logMissing: true } }, async ({ verify }) => {
    const { hops, problems } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["log-stored"]);
    expect(idsOf(hops, "skipped")).toEqual(["log-leads-to-trace"]);
    expect(problems[0]?.next).toContain("obs logs otel-collector loki");
  }));

test("a log line that has lost its ids leads nowhere", () =>
  play({ faults: { logUnlinked: true } }, async ({ verify }) => {
    const { hops } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["log-leads-to-trace"]);
  }));

test("a metric that never arrives fails its hop and skips its exemplar", () =>
  play({ faults: { metricMissing: true } }, async ({ verify }) => {
    const { hops } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["metric-stored"]);
    expect(idsOf(hops, "skipped")).toEqual(["exemplar-stored"]);
  }));

test("missing exemplars are told, those of the metric and those of the span metrics", () =>
  play({ faults: { exemplarMissing: true } }, async ({ verify }) => {
    const { hops } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["exemplar-stored", "span-exemplar"]);
  }));

test("an alert that is taken but not delivered is told, and its address is put out of use", () =>
  play({ faults: { alertLost: true } }, async ({ verify, webhookFile }) => {
    const { hops, problems } = await verify();
    expect(idsOf(hops, "failed")).toEqual(["alert-delivered"]);
    expect(idsOf(hops, "skipped")).toEqual(["alert-resolved"]);
    expect(problems[0]?.next).toContain("obs logs alertmanager");
    expect(await webhookFile()).toBe(inertWebhookUrl);
  }));

test("a target that is down is named with Prometheus' reason", () =>
  play({ faults: { targetDown: "loki" } }, async ({ verify }) => {
    const { problems } = await verify();
    expect(problems).toEqual([
      expect.objectContaining({
        id: "verify-targets-up",
        what: "Prometheus does not scrape loki.",
        why: "loki is down: connection refused.",
      }),
    ]);
  }));

test("a collector that refuses is quoted", () =>
  play(
    { faults: { otlp: { status: 503, body: "data refused due to high memory usage" } } },
    async ({ verify }) => {
      const { problems } = await verify();
      expect(problems.map(({ id }) => id)).toEqual([
        "verify-traces-accepted",
        "verify-logs-accepted",
        "verify-metrics-accepted",
      ]);
      expect(problems[0]?.why).toContain("answers 503 (data refused due to high memory usage)");
    },
  ));

test("data that is accepted in part only counts as refused", () =>
  play(
    {
      faults: {
        otlp: { status: 200, body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}' },
      },
    },
    async ({ verify }) => {
      const { problems } = await verify();
      expect(problems[0]?.why).toBe("otel-collector refused a part: too old.");
    },
  ));

test("programs that don't listen fail their hops one by one, with the address", async () => {
  const [port] = await freePorts(1);
  await play({ port }, async ({ verify }) => {
    const { hops, problems } = await verify();
    expect(idsOf(hops, "failed")).toEqual([
      "traces-accepted",
      "logs-accepted",
      "metrics-accepted",
      "targets-up",
      "alert-delivered",
    ]);
    expect(problems.map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        `otel-collector doesn't listen at http://127.0.0.1:${port}/v1/traces.`,
        `prometheus doesn't listen at http://127.0.0.1:${port}/api/v1/targets.`,
        `alertmanager doesn't listen at http://127.0.0.1:${port}/api/v2/alerts.`,
      ]),
    );
  });
});

test("services whose replicas can't be told apart are warned about by name", () =>
  play({ faults: { unidentified: ["checkout", "search"] } }, async ({ verify }) => {
    const { problems } = await verify(patient);
    expect(problems.map(({ id, severity }) => [id, severity])).toEqual([
      ["instance-unidentified", "warning"],
      ["instance-unidentified", "warning"],
    ]);
    expect(problems[0]?.what).toContain("checkout");
    expect(problems[0]?.next).toContain("OTEL_RESOURCE_ATTRIBUTES=service.instance.id=");
  }));

test("aborting ends it at once and puts the webhook's address out of use", () =>
  play({ faults: { traceMissing: true } }, async ({ verify, hops, webhookFile }) => {
    const controller = new AbortController();
    const result = verify({ signal: controller.signal, limitMs: 60_000 });
    const waiting = setInterval(() => {
      if (hops.some(({ id }) => id === "trace-stored")) controller.abort(new Error("stop"));
    }, 5);
    try {
      await expect(result).rejects.toThrow("stop");
    } finally {
      clearInterval(waiting);
    }
    expect(await webhookFile()).toBe(inertWebhookUrl);
  }));

test("two at once would take each other's webhook: the second is told who is at work", () =>
  play({}, async ({ verify }) => {
    const first = verify(patient);
    await expect(verify(patient)).rejects.toThrow(ProblemError);
    expect((await first).problems).toEqual([]);
  }));

describe("a collector that wants a token and TLS", () => {
  const otlp = {
    token: { secret: "OTLP_TOKEN" },
    tls: { certificate: "tls/certificate.pem", key: "tls/key.pem" },
  };
  const prepare = async ({ root, stateDir }: Project, certificate: string) => {
    await mkdir(join(root, "tls"));
    await copyFile(join(tlsFolder, certificate), join(root, "tls/certificate.pem"));
    const token = join(stateDir, "secrets/otel-collector/OTLP_TOKEN");
    await mkdir(dirname(token), { recursive: true });
    await writeFile(token, "a-token");
  };

  test("gets both", () =>
    play({ faults: { token: "a-token" }, definition: { otlp }, tls: true }, async ({ project, verify }) => {
      await prepare(project, "certificate.pem");
      expect((await verify(patient)).problems).toEqual([]);
    }));

  test("is not given the token when it shows another certificate than the definition's", () =>
    play({ faults: { token: "a-token" }, definition: { otlp }, tls: true }, async ({ project, verify }) => {
      await prepare(project, "other-certificate.pem");
      const { problems } = await verify();
      expect(problems[0]?.why).toContain("shows another certificate than tls/certificate.pem");
      expect(JSON.stringify(problems)).not.toContain("a-token");
    }));

  test("is quoted when it doesn't know the token", () =>
    play({ faults: { token: "another" }, definition: { otlp }, tls: true }, async ({ project, verify }) => {
      await prepare(project, "certificate.pem");
      const { problems } = await verify();
      expect(problems[0]?.why).toContain("answers 401 (Unauthenticated)");
      expect(JSON.stringify(problems)).not.toContain("a-token");
    }));
});
