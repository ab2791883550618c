import { Icon } from "@grafana/ui";
import { useState } from "react";
import type { PreviewProblem, State } from "../../api.js";
import { withCode } from "./with-code.js";

interface ProblemsProps {
  problems: readonly PreviewProblem[];
  dashboards: State["dashboards"];
}

/** What was found in the definition as it is saved now: a line that opens into a list. */
export function Problems({ problems, dashboards }: ProblemsProps) {
  const shown = problems.filter(({ severity }) => severity !== "notice");
  const errors = shown.filter(({ severity }) => severity === "error");
  // What is about no panel shows nowhere else.
  const isHidden = errors.some(({ panelId }) => panelId === undefined);
  const isOld = errors.some(({ dashboard }) => dashboard === undefined);
  const [toggled, setToggled] = useState<boolean>();
  if (shown.length === 0) return null;
  const open = toggled ?? isHidden;
  const worst = errors.length > 0 ? "error" : "warning";
  const counts = [
    errors.length > 0 && `${errors.length} ${errors.length === 1 ? "error" : "errors"}`,
    shown.length > errors.length &&
      `${shown.length - errors.length} ${shown.length - errors.length === 1 ? "warning" : "warnings"}`,
  ].filter(Boolean);
  return (
    <section className={`problems problems-${worst}`} aria-label="Problems" data-problems={shown.length}>
      <button type="button" className="problems-head" aria-expanded={open} onClick={() => setToggled(!open)}>
        <Icon name={open ? "angle-down" : "angle-right"} />
        <Icon name={worst === "error" ? "exclamation-circle" : "exclamation-triangle"} />
        <strong>{counts.join(", ")}</strong>
        {isOld && <span>What could be loaded last is shown.</span>}
      </button>
      {open && (
        <ol className="problems-list">
          {shown.map((problem) => (
            <li key={`${problem.id} ${problem.what} ${problem.panelId}`}>
              <ProblemText
                problem={problem}
                titleOf={(of) => dashboards.find((each) => each.uid === of)?.title}
              />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** A finding: what, where, why, and what to do next. */
export function ProblemText({
  problem,
  titleOf,
}: {
  problem: PreviewProblem;
  titleOf?: (uid: string) => string | undefined;
}) {
  const { severity, what, place, why, next, id, dashboard, output } = problem;
  const title = dashboard === undefined ? undefined : titleOf?.(dashboard);
  return (
    <div className="problem">
      <div>
        <span className={`problem-severity problem-${severity}`}>{severity}</span>
        {withCode(what)}
      </div>
      <div className="problem-about">
        {place && <code>{written(place)}</code>}
        {title && <a href={`/d/${dashboard}`}>{title}</a>}
        <span>[{id}]</span>
      </div>
      {why && <div className="problem-why">{withCode(why)}</div>}
      {output && output.length > 0 && <pre className="problem-output">{output.join("\n")}</pre>}
      {next && (
        <div className="problem-next">
          <Icon name="arrow-right" size="sm" /> {withCode(next)}
        </div>
      )}
    </div>
  );
}

/** A place as editors open it: `obs.config.ts:12:3`. */
function written({ file, line, column, keyPath }: NonNullable<PreviewProblem["place"]>): string {
  const position = [file, line, line && column].filter((part) => part !== undefined).join(":");
  return keyPath ? `${position} ${keyPath}` : position;
}
