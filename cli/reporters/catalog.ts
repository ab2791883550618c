import pc from "picocolors";
import type { KnownSeries } from "../../stack/catalog/catalog.js";
import type { RecordedFile } from "../../stack/catalog/record-files.js";
import { columns } from "./table.js";
import { wrap } from "./wrap.js";

/** One line a metric: name, type, who exposes it. */
export function formatMetrics(
  metrics: readonly KnownSeries[],
  { pattern, color }: { pattern?: string | undefined; color: boolean },
): string {
  if (metrics.length === 0) return `No metric matches ${pattern}.`;
  const { bold, dim } = pc.createColors(color);
  const rows = metrics.map((metric) => [
    bold(metric.metric),
    metric.type,
    dim(`${programsOf(metric)}${metric.pending ? ", to come" : ""}`),
  ]);
  return `${columns(rows)}\n\n${count(metrics.length, "metric")}; obs catalog show <metric> tells all about one.`;
}

/** All that is known of one metric. */
export function formatMetric(
  series: KnownSeries,
  { color, width }: { color: boolean; width: number },
): string {
  const { bold, dim } = pc.createColors(color);
  const title = `${bold(series.name)}  ${series.type}${series.part ? `, its ${series.part}` : ""}${series.unit ? `, in ${series.unit}` : ""}`;
  const producers = series.producers.flatMap(({ program, jobs, labels, openLabels, state, pending }) => {
    const how = pending
      ? "to come: agreed on, produced by nothing yet"
      : state === "declared"
        ? "declared, not recorded"
        : "recorded";
    const where = jobs ? `job ${jobs.join(", ")}` : "any job";
    const list = `${[...labels].sort().join(", ")}${openLabels ? ", and its own" : ""}`;
    return [
      "",
      `  ${bold(program)}  ${dim(`${where} · ${how}`)}`,
      ...wrap(`labels: ${list}`, width - 4).map((line) => `    ${line}`),
    ];
  });
  return [title, ...(series.help ? wrap(series.help, width) : []), ...producers].join("\n");
}

/** What recording wrote. */
export function formatRecorded(files: readonly RecordedFile[], { color }: { color: boolean }): string {
  const { green, dim } = pc.createColors(color);
  if (files.length === 0) return "Nothing was recorded.";
  return files
    .map(({ path, metrics, added, removed }) => {
      const changes = [
        ...(added.length > 0 ? [`${added.length} new`] : []),
        ...(removed.length > 0 ? [`${removed.length} gone`] : []),
      ];
      return `${green("✔")} ${path}  ${count(metrics, "metric")}${changes.length > 0 ? dim(`, ${changes.join(", ")}`) : ""}`;
    })
    .join("\n");
}

function programsOf({ producers }: KnownSeries): string {
  return [...new Set(producers.map(({ program }) => program))].join(", ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
