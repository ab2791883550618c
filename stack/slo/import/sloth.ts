import type { Problem } from "../../validate/problem.js";
import type { ImportedIndicator, ImportedSlo } from "./imported.js";
import { slothQuery } from "./query.js";
import { problem, required, type Spec } from "./spec.js";

/** Whether a document is one of Sloth's: its own format, or its Kubernetes resource. */
export function isSloth(spec: Spec): boolean {
  return isResource(spec) || spec.get("version").text?.value === "prometheus/v1";
}

function isResource(spec: Spec): boolean {
  return spec.get("kind").text?.value === "PrometheusServiceLevel";
}

/** The names of keys: with underscores in files, in camel case in Kubernetes. */
interface Names {
  errorQuery: string;
  totalQuery: string;
  errorRatioQuery: string;
  pageAlert: string;
  ticketAlert: string;
}
const inFiles: Names = {
  errorQuery: "error_query",
  totalQuery: "total_query",
  errorRatioQuery: "error_ratio_query",
  pageAlert: "page_alert",
  ticketAlert: "ticket_alert",
};
const inKubernetes: Names = {
  errorQuery: "errorQuery",
  totalQuery: "totalQuery",
  errorRatioQuery: "errorRatioQuery",
  pageAlert: "pageAlert",
  ticketAlert: "ticketAlert",
};

/** Reads the SLOs of a document for Sloth: https://sloth.dev/specs/default/v1/ */
export function readSloth(document: Spec): { slos: ImportedSlo[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const resource = isResource(document);
  const names = resource ? inKubernetes : inFiles;
  const root = resource ? document.get("spec") : document;
  const service = required(root.get("service"), "service", problems);
  const owner = ownerOf(root.get("labels"));
  const known = ["version", "apiVersion", "kind", "metadata", "service", "labels", "slos"];
  leftOut(root, known, problems);
  if (service === undefined) return { slos: [], problems };
  if (root.get("slos").items().length === 0) {
    problems.push(problem("error", "There are no SLOs in it.", root.get("slos").place));
  }
  const slos = root
    .get("slos")
    .items()
    .flatMap((spec) => readOne(spec, { service, owner, names }, problems) ?? []);
  if (owner === undefined && slos.length > 0) problems.push(noOwner(root, service));
  return { slos, problems };
}

function readOne(
  spec: Spec,
  { service, owner, names }: { service: string; owner: string | undefined; names: Names },
  problems: Problem[],
): ImportedSlo | undefined {
  const found: Problem[] = [];
  const name = required(spec.get("name"), "name", found);
  const objective = objectiveOf(spec.get("objective"), found);
  const indicator = indicatorOf(spec.get("sli"), names, found);
  leftOut(spec, ["name", "description", "objective", "labels", "sli", "alerting"], found);
  const without = alertsOf(spec.get("alerting"), names, found);
  problems.push(...found);
  if (name === undefined || objective === undefined || indicator === undefined) return undefined;
  return {
    service,
    name,
    objective,
    owner: ownerOf(spec.get("labels")) ?? owner ?? service,
    description: spec.get("description").text?.value.trim() || `${name} of ${service}.`,
    indicator,
    without,
    places: {
      "": spec.place,
      name: spec.get("name").place,
      objective: spec.get("objective").place,
      indicator: spec.get("sli").place,
    },
  };
}

function indicatorOf(sli: Spec, names: Names, problems: Problem[]): ImportedIndicator | undefined {
  const events = sli.get("events");
  if (events.exists) {
    const errors = slothQuery(events.get(names.errorQuery), problems);
    const total = slothQuery(events.get(names.totalQuery), problems);
    return errors && total && { errors, total };
  }
  if (sli.get("raw").exists) {
    const raw = slothQuery(sli.get("raw").get(names.errorRatioQuery), problems);
    return raw && { raw };
  }
  const plugin = sli.get("plugin");
  problems.push(
    plugin.exists
      ? problem("error", "SLI plugins can't be translated.", plugin.place, {
          why: "They are programs for Sloth.",
          next: "Run `sloth generate`, and write the queries of its slo:sli_error:ratio_rate5m as events here.",
        })
      : problem("error", "There are neither events nor raw in sli.", sli.place),
  );
  return undefined;
}

function alertsOf(alerting: Spec, names: Names, problems: Problem[]): ("page" | "ticket")[] {
  const alerts = (["page", "ticket"] as const).map((kind) => ({
    kind,
    spec: alerting.get(kind === "page" ? names.pageAlert : names.ticketAlert),
  }));
  for (const { spec, of } of [
    { spec: alerting, of: "alerts" },
    ...alerts.map(({ kind, spec }) => ({ spec, of: `${kind} alert` })),
  ]) {
    for (const { key, place } of spec.keys()) {
      if (key === "labels") {
        problems.push(
          problem("warning", `Labels of the ${of} are left out.`, place, {
            why: "Routes that look at them won't match.",
            next: "Route by severity (critical pages, warning makes tickets), service, slo or owner.",
          }),
        );
      } else if (key === "annotations") {
        problems.push(
          problem("notice", `Annotations of the ${of} are left out.`, place, {
            why: "SloBurnFast and SloBurnSlow have their own, and a runbook.",
          }),
        );
      } else if (key === "name") {
        problems.push(
          problem("notice", "The alerts are called SloBurnFast and SloBurnSlow.", place, {
            why: "Every SLO's are: labels tell them apart, and two runbooks serve all.",
          }),
        );
      }
    }
  }
  return alerts.filter(({ spec }) => spec.get("disable").text?.value === "true").map(({ kind }) => kind);
}

/** What is neither translated nor harmless to lose is told. */
function leftOut(spec: Spec, known: readonly string[], problems: Problem[]): void {
  for (const { key, place } of spec.keys()) {
    if (!known.includes(key)) problems.push(problem("warning", `"${key}" is left out.`, place));
  }
  for (const { key, place } of spec.get("labels").keys()) {
    if (key !== "owner" && key !== "team") {
      problems.push(
        problem("notice", `The label ${key} is left out.`, place, {
          why: "SLOs have the labels service, slo and owner.",
        }),
      );
    }
  }
}

/** A number; undefined and a problem for anything else. */
export function objectiveOf(spec: Spec, problems: Problem[]): number | undefined {
  const text = required(spec, "objective", problems);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  problems.push(
    problem("error", `The objective ${text} is no number.`, spec.place, { next: "Write per cent: 99.9." }),
  );
  return undefined;
}

/** Who answers for it, by the labels in use for that; OpenSLO's may be lists. */
export function ownerOf(labels: Spec): string | undefined {
  return ["owner", "team"]
    .flatMap((key) => [labels.get(key), ...labels.get(key).items()])
    .map(({ text }) => text?.value.trim())
    .find(Boolean);
}

/** Nobody is named; alerts need somebody. */
export function noOwner(spec: Spec, service: string): Problem {
  return problem("notice", `No owner is named: "${service}" was written.`, spec.place, {
    next: "Name who answers for it, in the label owner or in the written file.",
  });
}
