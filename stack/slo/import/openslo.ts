import { parseDuration } from "../../duration.js";
import type { Problem } from "../../validate/problem.js";
import { exact } from "../numbers.js";
import type { ImportedIndicator, ImportedSlo } from "./imported.js";
import { openSloQuery, type QueryParts } from "./query.js";
import { noOwner, objectiveOf, ownerOf } from "./sloth.js";
import { problem, required, type Spec } from "./spec.js";

/** Whether a document is one of OpenSLO's. */
export function isOpenSlo(spec: Spec): boolean {
  return /^openslo(\.com)?\//.test(spec.get("apiVersion").text?.value ?? "");
}

/** Reads the SLOs of OpenSLO documents, which may refer to each other: https://github.com/OpenSLO/OpenSLO#specification */
export function readOpenSlo(documents: readonly Spec[]): { slos: ImportedSlo[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const current = documents.filter((document) => {
    const version = document.get("apiVersion");
    if (version.text?.value === "openslo/v1") return true;
    problems.push(
      problem("error", `${version.text?.value} can't be read.`, version.place, { next: "openslo/v1 can." }),
    );
    return false;
  });
  const kindOf = (document: Spec) => document.get("kind").text?.value;
  const indicators = new Map(
    current
      .filter((document) => kindOf(document) === "SLI")
      .map((document) => [document.get("metadata").get("name").text?.value, document.get("spec")]),
  );
  for (const document of current) {
    if (/^Alert/.test(kindOf(document) ?? "")) {
      problems.push(
        problem("notice", `${kindOf(document)} is left out.`, document.get("kind").place, {
          why: "Alerts are those of the Google SRE workbook; whom they reach is said in alerting.route.",
        }),
      );
    }
  }
  return {
    slos: current
      .filter((document) => kindOf(document) === "SLO")
      .flatMap((document) => readSlo(document, indicators, problems)),
    problems,
  };
}

function readSlo(
  document: Spec,
  indicators: ReadonlyMap<string | undefined, Spec>,
  problems: Problem[],
): ImportedSlo[] {
  const metadata = document.get("metadata");
  const spec = document.get("spec");
  const name = required(metadata.get("name"), "metadata.name", problems);
  const service = required(spec.get("service"), "service", problems);
  const method = spec.get("budgetingMethod");
  if (method.exists && method.text?.value !== "Occurrences") {
    problems.push(
      problem("error", `The budgeting method ${method.text?.value} can't be translated.`, method.place, {
        why: "Budgets count events here (Occurrences).",
        next: "The indicator `slices` of slo() judges five minutes at a time: write it by hand.",
      }),
    );
    return [];
  }
  const indicator = indicatorOf(spec, indicators, problems);
  const window = windowOf(spec.get("timeWindow"), problems);
  const objectives = spec.get("objectives").items();
  if (objectives.length === 0) problems.push(problem("error", "There are no objectives.", spec.place));
  if (name === undefined || service === undefined || !indicator) return [];
  const owner = ownerOf(metadata.get("labels"));
  if (owner === undefined) problems.push(noOwner(document, service));
  const description =
    spec.get("description").text?.value.trim() || metadata.get("displayName").text?.value.trim();
  return objectives.flatMap((objective, at) => {
    const share = objective.get("target");
    const percent = objective.get("targetPercent");
    const target = objectiveOf(percent.exists ? percent : share, problems);
    if (target === undefined) return [];
    return [
      {
        service,
        name: objectives.length === 1 ? name : `${name}-${at + 1}`,
        objective: percent.exists ? target : exact(target * 100),
        ...(window !== undefined && { window }),
        owner: owner ?? service,
        description: description || `${name} of ${service}.`,
        indicator,
        without: [],
        places: {
          "": document.place,
          name: metadata.get("name").place,
          objective: percent.exists ? percent.place : share.place,
          window: spec.get("timeWindow").place,
          indicator: spec.get("indicator").place,
        },
      },
    ];
  });
}

function indicatorOf(
  spec: Spec,
  indicators: ReadonlyMap<string | undefined, Spec>,
  problems: Problem[],
): ImportedIndicator | undefined {
  const reference = spec.get("indicatorRef");
  const found = reference.exists ? indicators.get(reference.text?.value) : spec.get("indicator").get("spec");
  if (!found?.exists) {
    problems.push(
      reference.exists
        ? problem("error", `The SLI "${reference.text?.value}" isn't in these files.`, reference.place, {
            next: "Name the file that it is in, too.",
          })
        : problem("error", "There is no indicator.", spec.place),
    );
    return undefined;
  }
  const threshold = found.get("thresholdMetric");
  if (threshold.exists) {
    problems.push(
      problem("error", "A threshold metric can't be translated.", threshold.place, {
        why: "It judges one value at a time; budgets count events.",
        next: "The indicators `slices` and `latency` of slo() may be what is meant: write it by hand.",
      }),
    );
    return undefined;
  }
  const ratio = found.get("ratioMetric");
  const counter = ratio.get("counter").text?.value === "true";
  const queryOf = (key: string): QueryParts | undefined => {
    const source = ratio.get(key).get("metricSource");
    const type = source.get("type");
    if (type.exists && type.text?.value.toLowerCase() !== "prometheus") {
      problems.push(problem("error", `Metrics of ${type.text?.value} can't be asked for here.`, type.place));
      return undefined;
    }
    return openSloQuery(source.get("spec").get("query"), { counter }, problems);
  };
  if (ratio.get("raw").exists) {
    const raw = queryOf("raw");
    const success = ratio.get("rawType").text?.value === "success";
    if (!raw || !success) return raw && { raw };
    const [first = "", ...rest] = [...raw.slice(0, -1), `${raw.at(-1)})`];
    return { raw: [`1 - (${first}`, ...rest] };
  }
  const [total, bad, good] = [
    queryOf("total"),
    ratio.get("bad").exists ? queryOf("bad") : undefined,
    ratio.get("good").exists ? queryOf("good") : undefined,
  ];
  if (!ratio.get("bad").exists && !ratio.get("good").exists) {
    problems.push(problem("error", "There is neither good, bad nor raw in ratioMetric.", ratio.place));
  }
  if (!total) return undefined;
  return bad ? { errors: bad, total } : good && { good, total };
}

/** A rolling window of days; months and calendars are said to be something else here. */
function windowOf(spec: Spec, problems: Problem[]): string | undefined {
  const [first = spec] = spec.items();
  const duration = first.get("duration");
  const text = duration.text?.value.trim();
  if (first.get("calendar").exists || first.get("isRolling").text?.value === "false") {
    problems.push(
      problem("warning", "The window became a rolling one.", first.place, {
        why: "Budgets here don't start anew with the calendar.",
      }),
    );
  }
  if (text === undefined || text === "") return undefined;
  const months = /^(\d+)([MQY])$/.exec(text);
  if (months) {
    const days = Number(months[1]) * { M: 30, Q: 90, Y: 365 }[months[2] as "M" | "Q" | "Y"];
    problems.push(
      problem("warning", `The window ${text} became ${days}d.`, duration.place, {
        why: "A rolling window has a fixed length, which months don't.",
      }),
    );
    return `${days}d`;
  }
  const ms = parseDuration(text);
  return ms !== undefined && ms > 0 && ms % 86_400_000 === 0 ? `${ms / 86_400_000}d` : text;
}
