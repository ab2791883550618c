import { allValues, type VariableModel } from "./model.js";

/** A variable with what is chosen of it. */
export interface Variable {
  model: Pick<VariableModel, "name" | "multi" | "includeAll" | "allValue">;
  /** What is chosen: `$__all`, a value, or several. */
  value: string | string[];
  /** The same in words. */
  text: string | string[];
  /** All values there are: what `$__all` stands for. */
  options: readonly string[];
}

/**
 * Values of variables that hold in one place only: of a repeated panel, of the step of a query. `raw`: they are written as
 * they are, in whatever format.
 */
export type Scoped = Readonly<Record<string, { value: unknown; text?: unknown; raw?: boolean } | undefined>>;

/** Makes the text of a value, or of several. */
export type Formatter = (value: string | string[], variable: Variable["model"]) => string;

/**
 * Replaces variables in a text: `$name`, `[[name]]`, `[[name:format]]`, `${name}`, `${name:format}`,
 * `${name.field:format}`, as Grafana does (https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/).
 * What no variable defines is left as it stands. `format`: how values are written that name no format of their own.
 */
export function interpolate(
  text: string,
  variables: ReadonlyMap<string, Variable>,
  { scoped = {}, format = glob }: { scoped?: Scoped; format?: string | Formatter } = {},
): string {
  if (!/[$[]/.test(text)) return text;
  return text.replace(
    reference,
    (
      match,
      plain?: string,
      square?: string,
      squareFormat?: string,
      braced?: string,
      field?: string,
      own?: string,
    ) => {
      const name = plain ?? square ?? braced ?? "";
      const wanted = own ?? squareFormat ?? format;
      const here = scoped[name];
      if (here !== undefined) {
        const value = field === undefined ? here.value : fieldOf(here.value, field);
        if (value === undefined || value === null) return match;
        if (here.raw) return String(value);
        if (wanted === "text" && here.text !== undefined) return String(here.text);
        return write(strings(value), { name }, wanted, here.text);
      }
      const variable = variables.get(name);
      if (variable === undefined) return match;
      if (wanted === "text") return texts(variable);
      if (wanted === "queryparam") return queryOf(variable);
      // What stands for all values is the author's own text: nothing in it is escaped.
      if (isAll(variable.value) && variable.model.allValue) return variable.model.allValue;
      return write(chosen(variable), variable.model, wanted, variable.text);
    },
  );
}

/** Names of the variables that a text refers to, those that Grafana brings (`$__interval`) included. */
export function referredTo(text: string): string[] {
  return [...text.matchAll(reference)].map(([, plain, square, , braced]) => plain ?? square ?? braced ?? "");
}

const reference = /\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:}]+))?(?::([^}]+))?\}/g;

/** Whether all values are chosen. */
export function isAll(value: string | string[]): boolean {
  return Array.isArray(value) ? value.length === 1 && value[0] === allValues : value === allValues;
}

/** The values that are chosen, one or several. */
export function chosen({ value, options, model }: Variable): string | string[] {
  if (!isAll(value)) return value;
  return model.allValue ? model.allValue : [...options];
}

/** What an address says of a variable: `var-model=a&var-model=b`. */
export function queryOf({ model, value }: Pick<Variable, "model" | "value">): string {
  return [value]
    .flat()
    .map((each) => `var-${encodeURIComponent(model.name)}=${encodeURIComponent(each)}`)
    .join("&");
}

const texts = ({ text }: Pick<Variable, "text">) => [text].flat().join(" + ");

function write(
  value: string | string[],
  model: Variable["model"],
  format: string | Formatter,
  text: unknown,
): string {
  if (typeof format === "function") return format(value, model);
  const [name, argument] = format.split(":");
  const known = formats[name ?? ""];
  return known ? known(value, model, argument, text) : glob(value);
}

type NamedFormat = (
  value: string | string[],
  model: Variable["model"],
  argument: string | undefined,
  text: unknown,
) => string;

const each = (value: string | string[], one: (text: string) => string, between: string) =>
  [value].flat().map(one).join(between);

const glob = (value: string | string[]) =>
  Array.isArray(value) ? (value.length === 1 ? value[0]! : `{${value.join(",")}}`) : value;

/** Several values as a regular expression that is one of them. */
function alternatives(value: string | string[], quote: (text: string) => string): string {
  if (!Array.isArray(value)) return quote(value);
  return value.length === 1 ? quote(value[0]!) : `(${value.map(quote).join("|")})`;
}

const formats: Readonly<Record<string, NamedFormat>> = {
  glob,
  raw: (value) => each(value, String, ","),
  csv: (value) => each(value, String, ","),
  pipe: (value) => each(value, String, "|"),
  regex: (value) => alternatives(value, (one) => one.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&")),
  json: (value) => JSON.stringify(value),
  text: (value, _model, _argument, text) => (text === undefined ? glob(value) : String(text)),
  doublequote: (value) => each(value, (one) => `"${one.replace(/"/g, '\\"')}"`, ","),
  singlequote: (value) => each(value, (one) => `'${one.replace(/'/g, "\\'")}'`, ","),
  sqlstring: (value) => each(value, sqlString, ","),
  distributed: (value, { name }) =>
    [value].flat().reduce((all, one, at) => (at === 0 ? one : `${all},${name}=${one}`), ""),
  lucene: (value) => {
    const escaped = [value].flat().map((one) => one.replace(/[+\-=&|><!(){}[\]^"~*?:\\/]/g, "\\$&"));
    return Array.isArray(value) ? `(${escaped.map((one) => `"${one}"`).join(" OR ")})` : escaped[0]!;
  },
  percentencode: (value) => encodeURIComponent(glob(value)),
  uriencode: (value) => encodeURI(glob(value)),
  queryparam: (value, model) => queryOf({ model, value }),
  html: (value) => each(value, (one) => one.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`), ", "),
  date: (value, _model, argument) => {
    const at = new Date(Number([value].flat()[0]));
    if (argument === "seconds") return String(Math.floor(at.getTime() / 1000));
    return argument === undefined || argument === "iso" ? at.toISOString() : at.toISOString().slice(0, 10);
  },
};

const sqlString = (text: string) => `'${text.replace(/'/g, "''")}'`;

/** How values stand in queries of Prometheus and Loki: several as a regular expression inside a string. */
export const inSelector: Formatter = (value, { multi, includeAll }) =>
  multi || includeAll || Array.isArray(value)
    ? alternatives(value, (one) => one.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]+?.()|]/g, "\\\\$&"))
    : value.replace(/\\/g, "\\\\").replace(/"/g, '\\"');

/** How values stand in TraceQL. */
export const inTraceql: Formatter = inSelector;

/** How values stand in SQL: those of which there may be several in quotes, as a list. */
export const inSql: Formatter = (value, { multi, includeAll }) =>
  multi || includeAll || Array.isArray(value) ? each(value, sqlString, ",") : value.replace(/'/g, "''");

function strings(value: unknown): string | string[] {
  return Array.isArray(value)
    ? value.map(String)
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}

function fieldOf(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    );
}
