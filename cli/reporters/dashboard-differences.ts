import pc from "picocolors";
import type { Change } from "../../dashboards/diff/index.js";
import type { DashboardDifference } from "../diff-dashboards.js";

/** What was edited in Grafana, dashboard by dashboard; those that are equal in one line. */
export function formatDifferences(
  dashboards: readonly DashboardDifference[],
  { color, write }: { color: boolean; write: boolean },
): string {
  const { bold, dim, green } = pc.createColors(color);
  const equal = dashboards.filter(({ state }) => state === "equal");
  const others = dashboards.filter(({ state }) => state !== "equal");
  const blocks = others.map((each) =>
    [
      `${bold(each.uid)}  ${each.title}  ${dim(saying(each))}`,
      ...formatChanges(each.changes, color),
      ...(each.written === undefined ? [] : [`  ${green("written:")} ${each.written}`]),
    ].join("\n"),
  );
  const count = equal.length === 1 ? "1 dashboard is" : `${equal.length} dashboards are`;
  const summary =
    equal.length > 0
      ? [`${count} as in Grafana${others.length > 0 ? "" : ": nothing was edited there"}.`]
      : [];
  const isOffered = ({ state, refusesEdits }: DashboardDifference) =>
    state === "only in Grafana" || (state === "different" && !refusesEdits);
  const next =
    !write && others.some(isOffered)
      ? [
          dim(
            "`obs up` puts the code's back into Grafana; `obs dashboards diff --write` takes Grafana's into code.",
          ),
        ]
      : [];
  return [...blocks, ...summary, ...next].join("\n\n");
}

function saying({ state, version, refusesEdits }: DashboardDifference): string {
  if (state === "only in code") return "is not in Grafana: `obs up` puts it there";
  if (state === "only in Grafana") return "is in the stack's folder of Grafana, and not in code";
  if (refusesEdits)
    return "is another in Grafana, which refuses edits (`grafana.allowEdits`): `obs up` brings the code's";
  return version === undefined ? "was edited in Grafana" : `was edited in Grafana (version ${version})`;
}

function formatChanges(changes: readonly Change[], color: boolean): string[] {
  const { green, red, yellow } = pc.createColors(color);
  const signs = { added: green("+"), removed: red("-"), changed: yellow("~") };
  const moved = changes.filter(({ setting }) => setting === "place");
  const lines = changes
    .filter((change) => !moved.includes(change))
    .flatMap(({ kind, of, setting, before, after }) => {
      const head = `  ${signs[kind]} ${of}${setting === undefined ? "" : `, ${setting}`}`;
      const values = [before, after].filter((value) => value !== undefined);
      if (values.length === 0) return [head];
      const [from, to] = [before, after].map(short);
      if (values.length === 1) return [`${head}: ${kind === "removed" ? from : to}`];
      const isLong = from!.length + to!.length > 60;
      return isLong ? [head, `      ${red(from!)}`, `      ${green(to!)}`] : [`${head}: ${from} → ${to}`];
    });
  return moved.length === 0
    ? lines
    : [
        ...lines,
        `  ${signs.changed} ${moved.length === 1 ? `${moved[0]!.of} was` : `${moved.length} panels were`} moved or resized`,
      ];
}

/** In one line, cut where it is too long. */
function short(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replaceAll(/\s+/g, " ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const longest = 160;
