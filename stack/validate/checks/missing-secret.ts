import { isSelfMadeSecret, readSecrets } from "../../runtime/secrets.js";
import { isSecretRef } from "../../secret.js";
import { generatedSecrets } from "../../services/names.js";
import { atKey, type Check } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";

/** A secret that a program of this stack needs has no value, neither in the environment nor in `.env`. */
export const missingSecret: Check = {
  id: "missing-secret",
  async run(context) {
    const { stack, project } = context.input;
    const needed = [...new Set(context.rendered.plans.flatMap((plan) => plan.secrets))];
    const { values } = await readSecrets(project, needed);
    const references = referencesIn(stack, []);
    return needed
      .filter((name) => !values.has(name) && !isSelfMadeSecret(name) && !generatedSecrets.includes(name))
      .map((name): Problem => {
        const paths = references.filter((each) => each.name === name).map(({ path }) => keyPath(path));
        return {
          id: "missing-secret",
          severity: context.missingSecrets,
          what: `The secret ${name} has no value.`,
          ...(paths.length > 1 && { why: `It is used by ${paths.join(", ")}.` }),
          next: `Add a line ${name}=... to .env, or set it in the environment.`,
          place: paths[0] ? atKey(context, paths[0]) : { file: context.definitionFile },
        };
      });
  },
};

function referencesIn(value: unknown, path: PropertyKey[]): { name: string; path: PropertyKey[] }[] {
  if (isSecretRef(value)) return [{ name: value.secret, path }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
