import { isDeepStrictEqual } from "node:util";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { call, type Expression, literal, mapping } from "./expression.js";
import { normalised } from "./normalise.js";

/** What a reader looks for first stands first. */
const first = ["type", "name", "label", "query", "datasource"];

function asGrafanaHasIt(normal: Json): Expression {
  const keys = [
    ...first.filter((key) => key in normal),
    ...Object.keys(normal).filter((key) => !first.includes(key)),
  ];
  return literal(Object.fromEntries(keys.map((key) => [key, normal[key]])));
}

/** A variable in normal form: a call of `variable` where that gives the same, else as Grafana has it. */
export function variableExpression(normal: Json): Expression {
  const asked = /^label_values\(([\s\S]+), ([A-Za-z_]\w*)\)$/.exec(
    typeof normal.query === "string" ? normal.query : "",
  );
  if (!asked) return asGrafanaHasIt(normal);
  const [, metric, label] = asked;
  const name = textAt(normal, "name");
  const written = call(
    "variable",
    mapping({
      name: literal(name),
      title: literal(textAt(normal, "label")),
      metric: literal(metric),
      label: label === name ? undefined : literal(label),
      single: normal.multi === true ? undefined : literal(true),
    }),
  );
  const built = (written.value as Builder<VariableModel>).build();
  const { variables } = normalised({ templating: { list: [built] } });
  const [back] = mappings(variables);
  return isJson(back) && isDeepStrictEqual(back, normal) ? written : asGrafanaHasIt(normal);
}
