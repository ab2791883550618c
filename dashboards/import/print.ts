import type { Entry, Expression } from "./expression.js";

/** Columns of a line, as in the code of obs itself. */
const width = 110;

/** An expression as text, its lines after the first indented; `taken`: what the first line has already. */
export function printed(expression: Expression, indent = "", taken = 0): string {
  const flat = flatOf(expression);
  if (flat !== undefined && indent.length + taken + flat.length <= width) return flat;
  const deeper = `${indent}  `;
  switch (expression.kind) {
    case "text":
      return expression.text;
    case "list":
      return lines(
        "[",
        expression.items.map((item) => printed(item, deeper, 1)),
        "]",
        indent,
      );
    case "mapping":
      return lines(
        "{",
        expression.entries.map((entry) => entryText(entry, deeper)),
        "}",
        indent,
      );
    case "call": {
      const { callee, args } = expression;
      const head = args.slice(0, -1).map((arg) => flatOf(arg) ?? printed(arg, deeper));
      const last = args.at(-1);
      const opening = `${callee}(${head.map((text) => `${text}, `).join("")}`;
      const hugs =
        last &&
        (last.kind === "mapping" || (last.kind === "list" && args.length === 1)) &&
        args.at(-2)?.kind !== "mapping";
      const isText = last?.kind === "text" && last.text.includes("\n") && args.length === 1;
      if (hugs || isText) return `${opening}${printed(last, indent, taken + opening.length + 1)})`;
      return lines(
        `${callee}(`,
        args.map((arg) => printed(arg, deeper, 1)),
        ")",
        indent,
      );
    }
  }
}

function lines(open: string, inner: readonly string[], close: string, indent: string): string {
  return `${open}\n${inner.map((line) => `${indent}  ${line},\n`).join("")}${indent}${close}`;
}

function entryText({ key, value }: Entry, indent: string): string {
  if (key === undefined) return `...${printed(value, indent, 4)}`;
  if (value.kind === "text" && value.text === key) return key;
  const name = keyText(key);
  return `${name}: ${printed(value, indent, name.length + 3)}`;
}

/** Written bare, `__proto__` would set the prototype. */
function keyText(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** On one line; undefined where that can't be, or isn't done. */
function flatOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "text":
      return expression.text.includes("\n") ? undefined : expression.text;
    case "list": {
      const rich = (item: Expression) => item.kind === "mapping" && item.entries.length > 1;
      if (expression.items.length > 1 && expression.items.every(rich)) return undefined;
      return joined("[", expression.items.map(flatOf), "]");
    }
    case "mapping":
      return expression.entries.length === 0 ? "{}" : joined("{ ", expression.entries.map(flatEntry), " }");
    case "call":
      return joined(`${expression.callee}(`, expression.args.map(flatOf), ")");
  }
}

function flatEntry({ key, value }: Entry): string | undefined {
  const flat = flatOf(value);
  if (flat === undefined) return undefined;
  if (key === undefined) return `...${flat}`;
  return flat === key ? key : `${keyText(key)}: ${flat}`;
}

function joined(open: string, inner: readonly (string | undefined)[], close: string): string | undefined {
  return inner.includes(undefined) ? undefined : `${open}${inner.join(", ")}${close}`;
}
