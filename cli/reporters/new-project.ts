import { relative } from "node:path";
import pc from "picocolors";
import type { NewProject } from "../../stack/init/init.js";

const purposes: Record<string, string> = {
  "obs.config.ts": "the definition; start here",
  "alerts/example.ts": "one alert, with the proof that it works",
  "alerts/runbooks/TracesStopped.md": "what to do about it",
  "dashboards/example.ts": "one dashboard",
  ".env": "secrets, freshly made; stays on this machine",
  ".gitignore": "",
  "README.md": "for whoever comes next",
  "tsconfig.json": "completion in your editor",
};

/** What was made, and what to do now; `obs` is how the command line is called from the project. */
export function formatNewProject(
  { folder, name, files }: NewProject,
  { cwd, obs, color }: { cwd: string; obs: string; color: boolean },
): string {
  const colors = pc.createColors(color);
  const where = relative(cwd, folder);
  const width = Math.max(...files.map((file) => file.length));
  const command = obs.startsWith("npx ") ? obs : quoted(obs);
  const steps = [
    ...(where === "" ? [] : [[`cd ${quoted(where)}`, ""]]),
    [`${command} validate`, "checks it; nothing is started"],
    [`${command} up`, "starts the stack, with Docker or without"],
    [`${command} verify`, "proves with live data that it works"],
  ] as const;
  const commandWidth = Math.max(...steps.map(([command]) => command!.length));
  return [
    `${colors.green("✔")} Made the stack ${colors.bold(name)} in ${where === "" ? "this folder" : where}:`,
    ...files.map((file) => `    ${file.padEnd(width)}  ${colors.dim(purposes[file] ?? "")}`.trimEnd()),
    "",
    "Next:",
    ...steps.map(([command, purpose]) =>
      `    ${colors.cyan(command!.padEnd(commandWidth))}  ${colors.dim(purpose!)}`.trimEnd(),
    ),
  ].join("\n");
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
