import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { Problem } from "../problem.js";

const id = "missing-project-file";

/** Files that the definition names must be there: TLS key and certificate, target lists, Grafana's folder. */
export const missingProjectFile: Check = {
  id,
  run: async (context) =>
    (
      await Promise.all([
        ...tlsFiles(context),
        ...context.input.stack.scrapeJobs.flatMap(({ files = [] }, job) =>
          files.map((pattern, at) => targetFile(context, pattern, `scrapeJobs[${job}].files[${at}]`)),
        ),
        grafanaHome(context),
      ])
    ).flatMap((problem) => problem ?? []),
};

function tlsFiles(context: CheckContext): Promise<Problem | undefined>[] {
  const { tls } = context.input.stack.otlp;
  if (!tls) return [];
  return Object.entries(tls).map(
    async ([key, path]): Promise<Problem | undefined> =>
      (await exists(resolve(context.input.project.root, path)))
        ? undefined
        : {
            id,
            severity: "error",
            what: `There is no file ${path}.`,
            why: "The collector can't open its OTLP ports without it.",
            next: "The path is relative to the project folder; put the PEM file there.",
            place: atKey(context, `otlp.tls.${key}`),
          },
  );
}

/** A warning only: a target list may be written later, Prometheus looks again and again. */
async function targetFile(
  context: CheckContext,
  pattern: string,
  keyPath: string,
): Promise<Problem | undefined> {
  const { glob } = await import("tinyglobby");
  const found = await glob(pattern, { cwd: context.input.project.root, expandDirectories: false });
  if (found.length > 0) return undefined;
  return {
    id,
    severity: "warning",
    what: `No file matches ${pattern}: the scrape job has no targets from it yet.`,
    next: "The path is relative to the project folder; Prometheus takes the file up as soon as it is there.",
    place: atKey(context, keyPath),
  };
}

async function grafanaHome(context: CheckContext): Promise<Problem | undefined> {
  const { home } = context.rendered.facts.grafana;
  if (home === undefined || (await exists(join(home, "bin", "grafana")))) return undefined;
  return {
    id,
    severity: "error",
    what: `${home} is not the folder of an unpacked Grafana: bin/grafana is not in it.`,
    next: "Set grafana.home to the folder that holds bin/, conf/ and public/.",
    place: atKey(context, "grafana.home"),
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
