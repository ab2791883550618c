import { resolve } from "node:path";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { mappingAt, textsOf } from "../yaml-values.js";

/**
 * Alertmanager and amtool say nothing about templates that don't exist; every notification that uses one then fails.
 * Absolute paths in a container can't be looked at from here, and are believed.
 */
export const alertTemplates: Check = {
  id: "alert-templates",
  async run(context) {
    const { project, runtime } = context.input;
    // Those of the definition have been read by now.
    const patterns = textsOf(mappingAt(context.input.stack.overrides.alertmanager, []).templates);
    const { glob } = await import("tinyglobby");
    const found = await Promise.all(
      patterns.map(async (pattern) => {
        const absolute = pattern.startsWith("/");
        if (absolute && runtime === "compose") return true;
        // Relative ones are looked for beside Alertmanager's configuration, where only obs puts files: none of these.
        return absolute && (await glob(resolve(project.root, pattern), { absolute: true })).length > 0;
      }),
    );
    return patterns
      .filter((_, at) => !found[at])
      .map(
        (pattern): Problem => ({
          id: "alert-templates",
          severity: "error",
          what: `No template of Alertmanager matches ${pattern}.`,
          why: "Alertmanager starts all the same, and every notification that uses such a template fails.",
          next: "Give an absolute path that the program sees.",
          place: atKey(context, "overrides.alertmanager.templates"),
        }),
      );
  },
};
