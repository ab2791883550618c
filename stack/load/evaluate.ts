import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Jiti } from "jiti";
import type { Project } from "../project.js";
import { asGuest } from "./guest.js";

const grafanaSdk = "@grafana/grafana-foundation-sdk";

/**
 * Evaluates `obs.config.ts`, or another file of the project, and gives what it exports. Every call reads the files again, so edits are seen; only the
 * translation from TypeScript is kept (under `.obs/cache`, by content: it is most of the time that loading takes).
 * Throws whatever the user's code throws, NeverSettles, and the translator's error for code that isn't TypeScript.
 */
export async function evaluateConfig(
  project: Project,
  file = project.configFile,
): Promise<Record<string, unknown>> {
  const jiti = await makeJiti(project, { fsCache: cacheFolder(project) });
  return await asGuest(() => jiti.import(file));
}

/**
 * JavaScript that a file of the user was evaluated as, with its source map at the end; for tracing an error back.
 * Throws where the source isn't TypeScript.
 */
export async function translated(project: Project, file: string, source: string): Promise<string> {
  const jiti = await makeJiti(project, { fsCache: false, sourceMaps: true });
  return jiti.transform({ source, filename: file, ts: /\.[cm]?ts$/.test(file), async: true });
}

async function makeJiti(
  project: Project,
  options: { fsCache: string | false; sourceMaps?: boolean },
): Promise<Jiti> {
  // Imported here: commands that load no definition don't pay for it.
  const [{ createJiti }, publicApi, packs, dashboards] = await Promise.all([
    import("jiti"),
    import("../index.js"),
    import("obs-stack/alerts"),
    import("obs-stack/dashboards"),
  ]);
  return createJiti(project.configFile, {
    ...options,
    moduleCache: false,
    interopDefault: false,
    // The very copy of this package that runs, wherever the project lies and whatever is installed there.
    virtualModules: {
      "obs-stack": publicApi,
      "obs-stack/alerts": packs,
      "obs-stack/dashboards": dashboards,
    },
    alias: sdkAlias(project),
  });
}

/** Dashboards are built with this SDK; a project without its own copy uses the one that came with this package. */
function sdkAlias(project: Project): Record<string, string> {
  const probe = `${grafanaSdk}/cog`;
  try {
    createRequire(project.configFile).resolve(probe);
    return {};
  } catch {
    // Its exports map every subpath to the folder of that name under dist/.
    const ours = createRequire(import.meta.url).resolve(probe);
    return { [grafanaSdk]: dirname(dirname(ours)) };
  }
}

/** In the project, never in a shared temporary folder: what lies there is run. */
function cacheFolder(project: Project): string | false {
  const folder = join(project.stateDir, "cache");
  try {
    mkdirSync(project.stateDir, { recursive: true, mode: 0o700 });
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return false;
  }
}
