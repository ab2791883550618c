import { type Problem, type Severity, sortProblems } from "../../stack/validate/problem.js";

const commands: Record<Severity, string> = { error: "error", warning: "warning", notice: "notice" };

/**
 * Findings as workflow commands of GitHub Actions, one a line: they become annotations of the lines they are about.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubAnnotations(problems: readonly Problem[]): string[] {
  return sortProblems(problems).map(({ id, severity, what, why, next, place }) => {
    const properties = [
      ...(place ? [`file=${property(place.file)}`] : []),
      ...(place?.line === undefined ? [] : [`line=${place.line}`]),
      ...(place?.line === undefined || place.column === undefined ? [] : [`col=${place.column}`]),
      `title=${property(id)}`,
    ];
    const about = place?.keyPath ? `${place.keyPath}: ` : "";
    const message = [about + what, why, next].filter((part) => part !== undefined).join("\n");
    return `::${commands[severity]} ${properties.join(",")}::${data(message)}`;
  });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
