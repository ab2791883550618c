import { isMap } from "yaml";
import type { Problem } from "../../validate/problem.js";
import { placeAt, placeIn, type RuleCheck } from "../check.js";
import type { Part, Rule, RuleFile } from "../model.js";
import { entriesOf, type Mapping } from "../yaml.js";

const id = "invalid-name";

/** Names of series, labels and annotations that Prometheus refuses, or takes with quotes only. */
export const invalidName: RuleCheck = {
  id,
  severity: "error",
  run: ({ files }) =>
    files.flatMap((file) => [
      ...file.parts.flatMap((part) =>
        part.role === "labels" || part.role === "annotations" ? keyNames(file, part) : [],
      ),
      ...file.groups.flatMap(({ rules }) => rules.flatMap((rule) => recordName(file, rule))),
    ]),
};

const plainName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function isOrdinary(key: string): boolean {
  return key !== "__name__" && key !== "alertname" && plainName.test(key);
}

function keyNames(file: RuleFile, { role, node, document, within }: Part): Problem[] {
  if (!isMap(node)) return [];
  const kind = role === "labels" ? "label" : "annotation";
  const entries = entriesOf(document, node as Mapping);
  if (entries.every(({ key }) => isOrdinary(key))) return [];
  return entries.flatMap(({ key, keyNode }): Problem[] => {
    const place = placeAt(file, keyNode.range[0]);
    if (key === "") return [{ id, severity: "error", what: `A name of a ${kind} is empty.`, place }];
    if (role === "labels" && key === "__name__") {
      return [
        {
          id,
          severity: "error",
          what: 'A rule can\'t set the label "__name__".',
          next: "The name of the series is what stands behind record.",
          place,
        },
      ];
    }
    if (role === "labels" && within === "rule" && key === "alertname") {
      return [
        {
          id,
          severity: "warning",
          what: 'The label "alertname" is overwritten with the name of the alert.',
          next: "Take it out, or rename the alert.",
          place,
        },
      ];
    }
    if (plainName.test(key)) return [];
    return [
      {
        id,
        severity: "warning",
        what: `The name of the ${kind} "${key}" works in quotes only.`,
        why: "Templates can't say it as $labels.name, and Alertmanager before 0.27 and other readers refuse it.",
        next: `Use letters, digits and underscores: "${plain(key)}".`,
        place,
      },
    ];
  });
}

function recordName(file: RuleFile, { kind, name }: Rule): Problem[] {
  if (kind !== "record") return [];
  const brace = name.value.search(/[{}]/);
  if (brace >= 0) {
    return [
      {
        id,
        severity: "error",
        what: `"${name.value}" is an expression, not a name for a series.`,
        why: "Prometheus refuses braces in the name of a record.",
        next: "Name the series with record, set labels with labels, and compute with expr.",
        place: placeIn(file, name, brace),
      },
    ];
  }
  const odd = name.value.search(/[^a-zA-Z0-9_:]|^\d/);
  if (odd < 0) return [];
  return [
    {
      id,
      severity: "warning",
      what: `The series "${name.value}" can be queried in quotes only.`,
      next: `Use letters, digits, underscores and colons: "${plain(name.value)}".`,
      place: placeIn(file, name, odd),
    },
  ];
}

function plain(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_:]+/g, "_").replace(/^(?=\d)/, "_");
}
