import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { type Silences, silencesOf } from "../stack/alerting/silences.js";
import { loadDefinition } from "../stack/load.js";
import { currentRuntime, surveyRuntimes } from "../stack/runtimes.js";
import { type AlertMatcher, shownMatcher } from "../stack/validate/alerting/matchers.js";
import type { Context } from "./context.js";
import { notRunning } from "./not-running.js";
import { parsedDuration } from "./silence-arguments.js";

/** The silences of the stack that runs. Throws a ProblemError where none does. */
export async function runningSilences(context: Context): Promise<Silences> {
  const project = await context.project();
  const [surveyed, { stack }] = await Promise.all([surveyRuntimes(project), loadDefinition(project)]);
  if (!currentRuntime(surveyed)?.status.running) throw notRunning("there is no Alertmanager to ask");
  return silencesOf(stack, context.signal);
}

/** What every new silence is told. */
interface NewSilenceOptions {
  for: string;
  reason: string;
  author?: string;
  json?: boolean;
}

/** Adds silences and prints what they do; `sets`: the matchers of each. */
export async function addSilences(
  context: Context,
  sets: readonly (readonly AlertMatcher[])[],
  { for: length, reason, author, json = false }: NewSilenceOptions,
): Promise<0> {
  const lasts = parsedDuration(length);
  const silences = await runningSilences(context);
  const startsAt = Date.now();
  const by = author ?? (await whoAmI());
  const added: { id: string; matchers: string[]; affected: number; endsAt: string }[] = [];
  for (const matchers of sets) {
    const affected = await silences.affected(matchers);
    const id = await silences.add({ matchers, startsAt, endsAt: startsAt + lasts, author: by, reason });
    added.push({
      id,
      matchers: matchers.map(shownMatcher),
      affected,
      endsAt: new Date(startsAt + lasts).toISOString(),
    });
  }
  if (json) context.print(JSON.stringify({ silences: added }, null, 2));
  else {
    const { formatAdded } = await import("./reporters/silences.js");
    context.print(formatAdded(added, { length, author: by, color: context.color.stdout }));
  }
  return 0;
}

/** Who is at the keyboard, for the others: by git, else by the system. */
async function whoAmI(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["config", "user.email"]);
    if (stdout.trim() !== "") return stdout.trim();
  } catch {
    // Without git, or without a name there.
  }
  return userInfo().username;
}
