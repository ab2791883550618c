import { ProblemError } from "../stack/validate/problem.js";

/** What a command that needs a running stack throws where there is none; `so` is what follows from that. */
export function notRunning(so: string): ProblemError {
  return new ProblemError([
    {
      id: "nothing-running",
      severity: "error",
      what: `Nothing of this stack runs, so ${so}.`,
      next: "Start it: `obs up`.",
    },
  ]);
}
