import { isSecretRef } from "../../secret.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";

const id = "override-secret";

/** Keys whose values let somebody in, in the words of the programs that overrides go to. */
const confidential =
  /(?:^|_)(?:password|passwd|secret|secret_key|token|bearer_token|api_key|apikey|credentials|private_key|access_key|service_key|routing_key)$/i;

/** An override is written to generated files as it stands: secrets have no place in it. */
export const overrideSecret: Check = {
  id,
  run: (context) => found(context, context.input.stack.overrides, ["overrides"]),
};

function found(context: CheckContext, value: unknown, path: PropertyKey[]): Problem[] {
  const place = atKey(context, keyPath(path));
  if (isSecretRef(value) && Object.keys(value).length === 1)
    return [
      {
        id,
        severity: "error",
        what: `secret(${JSON.stringify(value.secret)}) stands in an override, where nothing fills it in.`,
        why: "An override is merged as it is into what the program reads: it gets no value, but an object.",
        next: "Use the key of the definition for it, or give the program a file of its own with the value.",
        place,
      },
    ];
  if (typeof value === "string") {
    const key = String(path.findLast((each) => typeof each === "string"));
    // A reference is none: `${NAME}`, `$__file{/path}`, `env:NAME`.
    if (!confidential.test(key) || value === "" || /^\$|^env:/.test(value)) return [];
    return [
      {
        id,
        severity: "warning",
        what: `The ${key} of an override is written out.`,
        why: "It is written to generated files, which are committed or lie open on the disk.",
        next: "Use the key of the definition for it with secret(...), or a setting of the program that names a file.",
        place,
      },
    ];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    found(context, inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
