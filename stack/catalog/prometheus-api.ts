import { withDeadline } from "../deadline.js";
import type { Problem } from "../validate/problem.js";
import { ProblemError } from "../validate/problem.js";

/** What Prometheus knows about a metric of a scraped target. */
export interface Metadata {
  metric: string;
  type: string;
  help: string;
  unit: string;
}

/** The parts of Prometheus' HTTP API that recording takes. Every call throws a ProblemError (exit code 2) when it fails. */
export interface PrometheusApi {
  /** Values of the label `job` of series of the last minutes. */
  jobs(): Promise<string[]>;
  /** Of the metrics that the targets of a job expose; empty for what came over OTLP. */
  metadata(job: string): Promise<Metadata[]>;
  /** Label sets of the series that a selector matches. */
  series(selector: string): Promise<Record<string, string>[]>;
  /** Names of the series that loaded recording rules write. */
  records(): Promise<string[]>;
}

/** Recording looks back this far, in seconds: long enough for every scrape interval in use, short enough to see only what runs. */
const lookBackSeconds = 300;

/** Most series one answer may have; a job with more is cut there, which costs nothing but labels. */
const mostSeries = 50_000;

/** Time one answer may take, in milliseconds. */
const patienceMs = 30_000;

/** The API of the Prometheus at a URL. */
export function prometheusApi(url: string, signal: AbortSignal): PrometheusApi {
  const get = async <T>(path: string, query: Record<string, string> = {}): Promise<T> => {
    const address = `${url}/api/v1/${path}?${new URLSearchParams(query)}`;
    try {
      return await withDeadline(patienceMs, signal, async (within) => {
        const response = await fetch(address, { signal: within });
        const answer = (await response.json()) as { status: string; data: T; error?: string };
        if (answer.status !== "success") throw new Error(answer.error ?? `it answered ${response.status}`);
        return answer.data;
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new ProblemError([unreachable(url, error as Refusal)], 2);
    }
  };
  const recently = () => {
    const now = Date.now() / 1000;
    return { start: String(now - lookBackSeconds), end: String(now) };
  };
  return {
    jobs: () => get("label/job/values", recently()),
    metadata: (job) =>
      get("targets/metadata", { match_target: `{job=${JSON.stringify(job)}}`, limit: String(mostSeries) }),
    series: (selector) => get("series", { "match[]": selector, limit: String(mostSeries), ...recently() }),
    async records() {
      const { groups } = await get<{ groups: { rules: { name: string }[] }[] }>("rules", { type: "record" });
      return groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    },
  };
}

type Refusal = Error & { cause?: { code?: string } };

function unreachable(url: string, error: Refusal): Problem {
  return {
    id: "catalog-prometheus",
    severity: "error",
    what: `Prometheus at ${url} doesn't answer: ${error.cause?.code ?? error.message}.`,
    why: "Metrics are recorded from a running stack.",
    next: "Start it with `obs up`; `obs status` says how it is.",
  };
}
