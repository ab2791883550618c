import Table from "cli-table3";
import type { Figure, Measured } from "./figure.js";
import type { Machine } from "./machine.js";
import { type Spread, spreadOf } from "./statistics.js";

/** A figure with what it came to. */
export interface Row {
  id: string;
  title: string;
  unit: Figure["unit"];
  must: string;
  measured: Spread;
  runs: number;
  verdict: "held" | "missed";
  note?: string;
}

/** Judges a figure by the median of its runs. */
export function rowOf(figure: Figure, { values, fault, note }: Measured): Row {
  const measured = spreadOf(values);
  const { id, title, unit, must } = figure;
  const within = "atMost" in must ? measured.median <= must.atMost : measured.median >= must.atLeast;
  const notes = [fault, note].filter((text) => text !== undefined).join("; ");
  return {
    id,
    title,
    unit,
    must: "atMost" in must ? `<= ${show(must.atMost, unit)}` : `>= ${show(must.atLeast, unit)}`,
    measured,
    runs: values.length,
    verdict: within && fault === undefined ? "held" : "missed",
    ...(notes && { note: notes }),
  };
}

/** The table, with the machine above and the notes below. */
export function formatReport(machine: Machine, rows: readonly Row[]): string {
  const table = new Table({
    head: ["figure", "must", "median (min - max)", "runs", "verdict"],
    style: { head: [], border: [] },
  });
  for (const { title, unit, must, measured, runs, verdict } of rows) {
    const { median, min, max } = measured;
    table.push([
      title,
      must,
      `${show(median, unit)} (${show(min, unit)} - ${show(max, unit)})`,
      runs,
      verdict,
    ]);
  }
  const { cpu, cores, memoryGiB, system, node } = machine;
  const notes = rows.flatMap(({ id, note }) => (note ? [`${id}: ${note}`] : []));
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`,
    table.toString(),
    ...notes,
  ].join("\n");
}

function show(value: number, unit: Figure["unit"]): string {
  if (unit === "ratio") return value.toFixed(2);
  if (unit === "count") return String(value);
  if (unit === "MiB" || unit === "KB") return `${value.toFixed(0)} ${unit}`;
  if (unit === "ms" && Math.abs(value) < 10 && !Number.isInteger(value)) return `${value.toFixed(2)} ms`;
  return value < 1_000 ? `${value.toFixed(0)} ms` : `${(value / 1_000).toFixed(2)} s`;
}
