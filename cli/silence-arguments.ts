import { parseDuration } from "../stack/duration.js";
import { type AlertMatcher, parseMatcher } from "../stack/validate/alerting/matchers.js";
import { type Problem, ProblemError } from "../stack/validate/problem.js";

/** Matchers as they are typed. Throws a ProblemError (exit code 2) for what is none, and where they take every alert there is. */
export async function parsedMatchers(words: readonly string[]): Promise<AlertMatcher[]> {
  const problems: Problem[] = [];
  const matchers = words.flatMap((word) => {
    const matcher = parseMatcher(word);
    if (!matcher) problems.push(bad(`${word} is not a matcher.`, 'Write alertname=X, or service=~"a|b".'));
    return matcher ?? [];
  });
  if (problems.length === 0 && matchers.every(takesNothing))
    problems.push(
      bad("This would silence every alert there is.", "Name what is to be silenced: alertname=X, service=Y."),
    );
  if (problems.length > 0) throw new ProblemError(problems, 2);
  return matchers;
}

/** Alertmanager refuses a silence whose matchers all accept a label that isn't there. */
function takesNothing({ operator, value }: AlertMatcher): boolean {
  if (operator === "=") return value === "";
  if (operator === "!=") return value !== "";
  const accepts = /^(\.\*|\^\.\*\$|)$/.test(value);
  return operator === "=~" ? accepts : !accepts;
}

/** A length of time as it is typed, in ms. Throws a ProblemError (exit code 2) for what is none. */
export function parsedDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new ProblemError([bad(`${text} is no length of time.`, "Write 30m, 2h or 1d.")], 2);
}

function bad(what: string, next: string): Problem {
  return { id: "bad-arguments", severity: "error", what, next };
}
