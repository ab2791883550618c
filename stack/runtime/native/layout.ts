import { join } from "node:path";
import type { Project } from "../../project.js";

/** Where the native runtime keeps what belongs to a project; all absolute paths, all under the state folder. */
export interface Layout {
  stateDir: string;
  /** `<service>/...`: configuration as rendered. */
  configDir: string;
  /** `<service>/`: what programs store; also the folder they run in. */
  dataDir: string;
  /** `<service>.log`, rotated ones beside it, and the supervisor's own. */
  logDir: string;
  /** State, socket, locks: gone when nothing runs. */
  runDir: string;
  stateFile: string;
  supervisorLock: string;
  supervisorLog: string;
}

/** The layout of a state folder. */
export function layoutOf({ stateDir }: Pick<Project, "stateDir">): Layout {
  const runDir = join(stateDir, "run");
  const logDir = join(stateDir, "logs");
  return {
    stateDir,
    configDir: join(stateDir, "config"),
    dataDir: join(stateDir, "data"),
    logDir,
    runDir,
    stateFile: join(runDir, "state.json"),
    supervisorLock: join(runDir, "supervisor.lock"),
    supervisorLog: join(logDir, "supervisor.log"),
  };
}

/** The log file of a service. */
export function logFileOf(layout: Layout, service: string): string {
  return join(layout.logDir, `${service}.log`);
}
