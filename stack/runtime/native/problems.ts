import { type Project, shownPath } from "../../project.js";
import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import { describeExit, type ProgramSpec, type ProgramState } from "./state.js";
import { lastLines } from "./tail.js";

/** How many of the last log lines a finding shows. */
const shownLines = 10;

/** Makes the findings about programs; hides values of secrets in what they logged. */
export class ProblemMaker {
  constructor(
    private readonly project: Project,
    private readonly secrets: ReadonlyMap<string, string>,
  ) {}

  /** A program that ends again and again. */
  crashed(state: ProgramState): Problem {
    const { spec, lastExit } = state;
    const log = shownPath(this.project, spec.log);
    const output = this.logOf(spec, state.logFrom);
    return {
      id: "service-crashed",
      severity: "error",
      what: `${spec.name} ${describeExit(lastExit)}, ${state.crashes} times in a row.`,
      ...(output.length > 0
        ? {}
        : {
            why: "It logged nothing before it ended, so its arguments or its binary are the first to look at.",
          }),
      next: `Mend what it says below. All of its log: \`obs logs ${spec.name}\`, kept in ${log}.`,
      ...(output.length > 0 ? { output } : {}),
    };
  }

  /** A program that runs but did not become ready in time. */
  notReady(spec: ProgramSpec, logFrom: number, seconds: number, reason: string | undefined): Problem {
    const output = this.logOf(spec, logFrom);
    return {
      id: "service-not-ready",
      severity: "error",
      what: `${spec.name} was not ready within ${seconds} s.`,
      ...(reason === undefined ? {} : { why: `It ${reason}.` }),
      next: `Look at its log: \`obs logs ${spec.name}\`, kept in ${shownPath(this.project, spec.log)}.`,
      ...(output.length > 0 ? { output } : {}),
    };
  }

  /** A program that goes on with its former configuration because it refuses the new one. */
  reloadRefused(spec: ProgramSpec, logFrom: number): Problem {
    const output = this.logOf(spec, logFrom);
    return {
      id: "reload-refused",
      severity: "error",
      what: `${spec.name} refused its new configuration.`,
      next: `Mend what it says below, then run \`obs up\` again. Its log is in ${shownPath(this.project, spec.log)}.`,
      ...(output.length > 0 ? { output } : {}),
    };
  }

  /** The supervisor ended in the middle of our work. */
  supervisorLost(): Problem {
    const log = shownPath(this.project, `${this.project.stateDir}/logs/supervisor.log`);
    return {
      id: "supervisor-gone",
      severity: "error",
      what: "The supervisor of the stack's programs ended while the stack was being changed.",
      next: `Run \`obs up\` again; it takes over what runs. The supervisor's log is in ${log}.`,
    };
  }

  /** The way back failed too. */
  notPutBack(service: ServiceName, why: string): Problem {
    return {
      id: "not-put-back",
      severity: "error",
      what: `The former version of ${service} could not be put back.`,
      why,
      next: `Look at \`obs status\` and \`obs logs ${service}\`, then run \`obs up\` again.`,
    };
  }

  interrupted(ranBefore: boolean): Problem {
    return {
      id: "interrupted",
      severity: "error",
      what: "Interrupted before the stack was up.",
      why: ranBefore ? "What ran before runs on as it was." : "Nothing was left running.",
      next: "Run `obs up` again.",
    };
  }

  private logOf(spec: ProgramSpec, from: number): string[] {
    return lastLines(spec.log, shownLines, { from }).map((line) => this.withoutSecrets(line));
  }

  private withoutSecrets(line: string): string {
    // Shorter ones would blot out ordinary words, and are no secrets anyway.
    for (const value of this.secrets.values()) if (value.length >= 6) line = line.replaceAll(value, "***");
    return line;
  }
}
