import {
  type DataFrame,
  type DisplayValue,
  type Field,
  formattedValueToString,
  getFieldDisplayName,
  type InterpolateFunction,
  type ScopedVars,
} from "@grafana/data";

interface DataContext {
  data: DataFrame[];
  frame: DataFrame;
  field: Field;
  rowIndex?: number;
  calculatedValue?: DisplayValue;
}

/** `${__data…}`, `${__field…}`, `${__value…}`, `${__series…}`, with a format behind a colon or without. */
const macro = /\$\{(__(?:data|field|value|series)[^}:]*)(?::([^}]+))?\}/g;

/**
 * Replaces what a link or a name says about the value it stands at (`${__data.fields["Alert"]}`, `${__value.raw}`,
 * `${__field.labels.model}`, `${__series.name}`), then leaves the rest to `replaceVariables`. What a macro names but the
 * data lack becomes empty, as in Grafana.
 * https://grafana.com/docs/grafana/latest/panels-visualizations/configure-data-links/
 */
export function withDataMacros(replaceVariables: InterpolateFunction): InterpolateFunction {
  return (text, scopedVars, format) => {
    const context = (scopedVars as ScopedVars | undefined)?.__dataContext?.value as DataContext | undefined;
    if (context === undefined) return replaceVariables(text, scopedVars, format);
    const replaced = text.replace(macro, (_match, path: string, own: string | undefined) => {
      const value = String(valueAt(path, context) ?? "");
      const wanted = own ?? (typeof format === "string" ? format : undefined);
      return wanted === "percentencode" || wanted === "uriencode" ? encodeURIComponent(value) : value;
    });
    return replaceVariables(replaced, scopedVars, format);
  };
}

function valueAt(path: string, context: DataContext): unknown {
  const [head, ...rest] = path.match(/[^.[\]"']+|"[^"]*"|'[^']*'/g)?.map(unquoted) ?? [];
  switch (head) {
    case "__data":
      return rest[0] === "fields" ? cell(rest.slice(1), context) : undefined;
    case "__field":
      if (rest[0] === "name" || rest[0] === "displayName")
        return getFieldDisplayName(context.field, context.frame, context.data);
      if (rest[0] !== "labels") return undefined;
      return rest[1] === undefined
        ? labelsText(context.field)
        : context.field.labels?.[rest.slice(1).join(".")];
    case "__series":
      return rest[0] === "name" ? (context.frame.name ?? "") : undefined;
    case "__value":
      return ofValue(rest[0], context);
    default:
      return undefined;
  }
}

function ofValue(
  part: string | undefined,
  { frame, field, rowIndex, calculatedValue }: DataContext,
): unknown {
  if (part === "time")
    return rowIndex === undefined
      ? undefined
      : frame.fields.find(({ type }) => type === "time")?.values[rowIndex];
  const shown =
    calculatedValue ?? (rowIndex === undefined ? undefined : field.display?.(field.values[rowIndex]));
  if (part === "raw") return rowIndex === undefined ? shown?.numeric : field.values[rowIndex];
  if (part === "numeric") return shown?.numeric;
  if (part === "text") return shown?.text;
  return shown && formattedValueToString(shown);
}

function cell(path: string[], { data, frame, rowIndex }: DataContext): unknown {
  const [name, part] = path;
  if (name === undefined || rowIndex === undefined) return undefined;
  const field = frame.fields.find(
    (each, index) =>
      each.name === name || getFieldDisplayName(each, frame, data) === name || String(index) === name,
  );
  if (field === undefined) return undefined;
  const raw = field.values[rowIndex];
  const shown = field.display?.(raw);
  if (shown === undefined) return raw;
  if (part === "numeric") return shown.numeric;
  return part === "text" || part === undefined
    ? part === "text"
      ? shown.text
      : formattedValueToString(shown)
    : raw;
}

const labelsText = (field: Field) =>
  Object.entries(field.labels ?? {})
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ");

const unquoted = (part: string) => part.replace(/^["']|["']$/g, "");
