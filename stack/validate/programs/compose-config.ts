import type { ProgramCheck } from "./program-check.js";

/** Docker Compose reads docker-compose.yml; it asks no engine. */
export const composeConfig: ProgramCheck = {
  id: "compose-config",
  program: "docker-compose",
  title: "docker compose config",
  owner: "compose",
  args: (layout) =>
    layout.composeFile === undefined
      ? undefined
      : ["--file", layout.composeFile, "--project-directory", layout.projectRoot, "config", "--quiet"],
  // It fills in variables of the environment, as it will at the start.
  wholeEnvironment: true,
  findings({ lines, failed }, layout) {
    const warnings = lines.filter((line) => /level=warning/.test(line));
    if (!failed) {
      return warnings.map((line) => ({
        severity: "warning",
        what: `Docker Compose warns: ${message(line)}.`,
      }));
    }
    const output = lines.filter((line) => line.trim() !== "" && !warnings.includes(line));
    return [
      {
        severity: "error",
        what: "Docker Compose does not accept docker-compose.yml.",
        output: output.map(layout.shown),
      },
    ];
  },
};

function message(line: string): string {
  const quoted = /msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return quoted ? String(JSON.parse(quoted)).replace(/\.$/, "") : line;
}
