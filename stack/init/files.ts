import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { randomSecret } from "../runtime/generated-secrets.js";
import { editorSettings } from "./editor-settings.js";

/** A file of a new project. */
export interface NewFile {
  /** Relative to the project folder. */
  path: string;
  text: string;
  /** Permission bits, where they matter. */
  mode?: number;
}

const templateDir = join(packageRoot, "stack", "init", "template");

/** All files of a new project in `folder`, with fresh secrets. */
export function projectFiles(folder: string, name: string): NewFile[] {
  const own = (text: string) => text.replaceAll("my-stack", name);
  return [
    { path: "obs.config.ts", text: own(template("obs.config.ts")) },
    { path: "alerts/example.ts", text: own(template("alerts/example.ts")) },
    {
      path: "alerts/runbooks/TracesStopped.md",
      text: own(template("alerts/runbooks/TracesStopped.md")),
    },
    { path: "dashboards/example.ts", text: own(template("dashboards/example.ts")) },
    { path: ".env", text: template("env").replaceAll(/^([A-Z_]+)=$/gm, withSecret), mode: 0o600 },
    // npm leaves a file of its real name out of packages.
    { path: ".gitignore", text: template("gitignore") },
    { path: "README.md", text: own(template("README.md")) },
    { path: "tsconfig.json", text: editorSettings(folder) },
  ];
}

function template(path: string): string {
  return readFileSync(join(templateDir, path), "utf8");
}

function withSecret(_line: string, variable: string): string {
  return `${variable}=${randomSecret()}`;
}
