import { isDeepStrictEqual } from "node:util";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

/**
 * Every rendered YAML file, read by another library than the one that wrote it, must mean the same under YAML 1.1 and
 * 1.2: the upstream programs don't agree on which they read, and `on` or `1:30` is a text in one and not in the other.
 */
export const yamlReread: Check = {
  id: "yaml-reread",
  async run(context) {
    const { load, CORE_SCHEMA, YAML11_SCHEMA } = await import("js-yaml");
    const { artefacts, composeFile } = context.rendered;
    const files = [
      ...artefacts.filter(({ path, copyOf }) => /\.ya?ml$/.test(path) && copyOf === undefined),
      ...(composeFile === undefined
        ? []
        : [{ path: "docker-compose.yml", text: composeFile, keys: ["overrides.compose"] }]),
    ];
    return files.flatMap(({ path, text, keys }): Problem[] => {
      const fault = (what: string): Problem[] => [
        {
          id: "yaml-reread",
          severity: "error",
          what,
          next: "Put the value in question into a raw override as a quoted string; this is a bug of obs, please report it.",
          place: atKey(context, keys[0] ?? ""),
        },
      ];
      try {
        return isDeepStrictEqual(load(text, { schema: CORE_SCHEMA }), load(text, { schema: YAML11_SCHEMA }))
          ? []
          : fault(`The rendered ${path} means one thing in YAML 1.1 and another in YAML 1.2.`);
      } catch (error) {
        return fault(
          `The rendered ${path} is not readable YAML: ${(error as Error).message.split("\n")[0]}.`,
        );
      }
    });
  },
};
