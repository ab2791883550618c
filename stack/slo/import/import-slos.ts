import { basename, isAbsolute } from "node:path";
import { type Problem, sortProblems } from "../../validate/problem.js";
import { sloFaults } from "../faults.js";
import { type ImportedSlo, sloInput } from "./imported.js";
import { isOpenSlo, readOpenSlo } from "./openslo.js";
import { printSlos } from "./print.js";
import { isSloth, readSloth } from "./sloth.js";
import { problem, readSpecs } from "./spec.js";

/** TypeScript made of the SLOs of one service. */
export interface SloFile {
  /** Relative to the project: `alerts/slo/<service>.ts`. */
  path: string;
  text: string;
  /** Name of what it exports: a list for `alerting.packs`. */
  exported: string;
  slos: readonly ImportedSlo[];
}

/**
 * Translates SLOs of Sloth (`prometheus/v1`, PrometheusServiceLevel) and OpenSLO (`openslo/v1`) to `slo()`. What can't be
 * translated is told at its place, and left out.
 */
export function importSlos(files: readonly { path: string; text: string }[]): {
  files: SloFile[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const read = files.flatMap(({ path, text }) => {
    const found = readSpecs(path, text);
    problems.push(...found.problems);
    if (found.specs.length === 0 && found.problems.length === 0) {
      problems.push(problem("error", `${path} is empty.`, { file: path }));
    }
    return found.specs;
  });
  for (const spec of read) {
    if (!isSloth(spec) && !isOpenSlo(spec)) {
      problems.push(
        problem("error", "This is no SLO of Sloth or OpenSLO.", spec.place, {
          next: 'It should begin with version: "prometheus/v1", kind: PrometheusServiceLevel, or apiVersion: openslo/v1.',
        }),
      );
    }
  }
  const results = [...read.filter(isSloth).map(readSloth), readOpenSlo(read.filter(isOpenSlo))];
  problems.push(...results.flatMap((result) => result.problems));
  const slos = sound(
    results.flatMap((result) => result.slos),
    problems,
  );
  return { files: filesOf(slos), problems: sortProblems(problems) };
}

/** Those that `slo()` takes; the faults of the others, and of those that are there twice, where they were written. */
function sound(slos: readonly ImportedSlo[], problems: Problem[]): ImportedSlo[] {
  const seen = new Set<string>();
  return slos.filter((slo) => {
    const faults = sloFaults(sloInput(slo));
    const id = `${slo.service}/${slo.name}`;
    if (seen.has(id)) {
      problems.push(
        problem(
          "error",
          `${slo.service} has an SLO ${slo.name} already.`,
          slo.places.name ?? slo.places[""]!,
        ),
      );
      return false;
    }
    seen.add(id);
    for (const { severity, key, what, why, next } of faults) {
      const place = slo.places[key] ?? slo.places[key.split(".")[0]!] ?? slo.places[""]!;
      problems.push(problem(severity, what, place, { ...(why && { why }), ...(next && { next }) }));
    }
    return faults.every(({ severity }) => severity !== "error");
  });
}

function filesOf(slos: readonly ImportedSlo[]): SloFile[] {
  const byFile = new Map<string, ImportedSlo[]>();
  for (const slo of slos) {
    const stem = slo.service.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    byFile.set(stem, [...(byFile.get(stem) ?? []), slo]);
  }
  return [...byFile].map(([stem, slos]) => {
    const camel = stem.replaceAll(/-+(\w)/g, (_, letter: string) => letter.toUpperCase()).replaceAll("-", "");
    const exported = `${/^\d/.test(camel) ? "slo" : ""}${camel}Slos`;
    // A path of this machine says nothing to others.
    const sources = [...new Set(slos.map(({ places }) => places[""]!.file))].map((file) =>
      isAbsolute(file) ? basename(file) : file,
    );
    return { path: `alerts/slo/${stem}.ts`, text: printSlos(exported, slos, sources), exported, slos };
  });
}
