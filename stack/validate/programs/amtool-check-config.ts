import type { ProgramCheck } from "./program-check.js";
import { templateFault } from "./template-fault.js";

/** amtool reads Alertmanager's configuration: receivers, routes, inhibitions. */
export const amtoolCheckConfig: ProgramCheck = {
  id: "amtool-check-config",
  program: "amtool",
  title: "amtool check-config",
  owner: "alertmanager",
  args: (layout) => ["check-config", `${layout.configDir("alertmanager")}/alertmanager.yml`],
  findings({ lines, failed }, layout) {
    if (!failed) return [];
    const output = lines
      .map((line) => line.replace(/^Checking '.*'\s+FAILED:\s*/, ""))
      .filter((line) => line.trim() !== "" && !/^amtool: error: failed to validate/.test(line));
    // amtool-template-render says so, of each file.
    if (output.some((line) => templateFault(line))) return [];
    return [
      {
        severity: "error",
        what: "Alertmanager does not accept its configuration.",
        output: output.map(layout.shown),
      },
    ];
  },
};
