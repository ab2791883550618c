/** What a cell may hold: text of people, numbers, amounts as decimal digits, nothing. */
export type Cell = string | number | null | undefined;

/**
 * A table as CSV by RFC 4180: CRLF, quotes doubled, a first line of names. Text that a spreadsheet would take for a formula
 * gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection): names of models, teams and features
 * come from whoever sends telemetry. Without a line's end behind the last line.
 */
export function formatCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

function cell(value: Cell): string {
  const text = String(value ?? "");
  const harmless = /^-?\d+(\.\d+)?$/.test(text) || !/^\s*[=+\-@]|^[\t\r\n]/.test(text) ? text : `'${text}`;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
