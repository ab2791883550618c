import type { Check, CheckContext } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";
import { mappingAt, strings, textsOf } from "../yaml-values.js";

const id = "collector-components";
const kinds = ["receivers", "processors", "exporters", "connectors", "extensions"] as const;
type Kind = (typeof kinds)[number];
type Defined = Record<Kind, string[]>;

/** A use of a component: by a pipeline, by the list of extensions, or by another component. */
interface Use {
  kind: Kind;
  name: string;
  /** Keys to the place of use in the collector's configuration. */
  path: string[];
  /** A name here may also be that of a connector. */
  orConnector: boolean;
}

/** Pipelines and the components they are made of fit together, after the user's override was merged in. */
export const collectorComponents: Check = {
  id,
  run(context) {
    const config = collectorConfig(context);
    const defined = Object.fromEntries(
      kinds.map((kind) => [kind, Object.keys(mappingAt(config, [kind]))]),
    ) as Defined;
    const uses = [...pipelineUses(config), ...extensionUses(config), ...referenceUses(config)];
    return [
      ...undefinedUses(context, defined, uses),
      ...unusedComponents(context, defined, uses),
      ...oneSidedConnectors(context, defined, uses),
      ...stoppedExtensions(context, config, defined),
    ];
  },
};

function pipelineUses(config: Record<string, unknown>): Use[] {
  return Object.entries(mappingAt(config, ["service", "pipelines"])).flatMap(([pipeline, parts]) =>
    (["receivers", "processors", "exporters"] as const).flatMap((kind) =>
      textsOf(mappingAt(parts, [])[kind]).map((name) => ({
        kind,
        name,
        path: ["service", "pipelines", pipeline, kind],
        orConnector: kind !== "processors",
      })),
    ),
  );
}

function extensionUses(config: Record<string, unknown>): Use[] {
  return textsOf(mappingAt(config, ["service"]).extensions).map((name) => ({
    kind: "extensions",
    name,
    path: ["service", "extensions"],
    orConnector: false,
  }));
}

/** Components name extensions: the store of a queue, the guard of a port. `otelcol validate` doesn't follow these. */
function referenceUses(config: Record<string, unknown>): Use[] {
  return (["receivers", "processors", "exporters", "connectors"] as const).flatMap((kind) =>
    strings(config[kind], [kind])
      .filter(({ path }) => path.at(-1) === "storage" || path.at(-1) === "authenticator")
      .map(({ path, text }) => ({ kind: "extensions" as const, name: text, path, orConnector: false })),
  );
}

function undefinedUses(context: CheckContext, defined: Defined, uses: Use[]): Problem[] {
  return uses
    .filter(({ kind, name, orConnector }) => !candidates(defined, kind, orConnector).includes(name))
    .map(({ kind, name, path, orConnector }) => {
      const known = candidates(defined, kind, orConnector);
      const meant = didYouMean(name, known);
      return {
        id,
        severity: "error",
        what: `${describedPlace(path)} uses the ${singular(kind)} "${name}", which is not defined.`,
        next: meant ? `Did you mean "${meant}"?` : `Defined: ${known.join(", ") || "none"}.`,
        place: collectorPlace(context, path),
      };
    });
}

function unusedComponents(context: CheckContext, defined: Defined, uses: Use[]): Problem[] {
  return kinds.flatMap((kind) =>
    defined[kind]
      .filter(
        (name) =>
          !uses.some(
            (use) => use.name === name && (use.kind === kind || (kind === "connectors" && use.orConnector)),
          ),
      )
      .map((name) => ({
        id,
        severity: "warning",
        what: `The collector's ${singular(kind)} "${name}" is defined, but nothing uses it.`,
        next:
          kind === "extensions"
            ? "Name it in service.extensions, or take it out."
            : "Name it in a pipeline, or take it out.",
        place: collectorPlace(context, [kind, name]),
      })),
  );
}

/** A connector ends one pipeline and begins another; with one side only, the data stops there or never comes. */
function oneSidedConnectors(context: CheckContext, defined: Defined, uses: Use[]): Problem[] {
  return defined.connectors.flatMap((name): Problem[] => {
    const sides = (["exporters", "receivers"] as const).filter((kind) =>
      uses.some((use) => use.name === name && use.kind === kind),
    );
    if (sides.length !== 1) return [];
    const missing = sides[0] === "exporters" ? "receiver" : "exporter";
    return [
      {
        id,
        severity: "error",
        what: `The connector "${name}" is the ${singular(sides[0]!)} of a pipeline, but no pipeline has it as ${missing}.`,
        next: `Add it to the ${missing}s of the pipeline on its other side.`,
        place: collectorPlace(context, ["connectors", name]),
      },
    ];
  });
}

/** An extension that is defined and referred to, but not started. */
function stoppedExtensions(
  context: CheckContext,
  config: Record<string, unknown>,
  defined: Defined,
): Problem[] {
  const started = new Set(textsOf(mappingAt(config, ["service"]).extensions));
  const needed = new Map(referenceUses(config).map((use) => [use.name, use.path]));
  return [...needed]
    .filter(([name]) => defined.extensions.includes(name) && !started.has(name))
    .map(([name, path]) => ({
      id,
      severity: "error",
      what: `${describedPlace(path)} needs the extension "${name}", which is not started.`,
      next: `Add it to service.extensions. An override replaces that list as a whole: repeat what else should stay in it.`,
      place: collectorPlace(context, ["service", "extensions"]),
    }));
}

function candidates(defined: Defined, kind: Kind, orConnector: boolean): string[] {
  return orConnector ? [...defined[kind], ...defined.connectors] : defined[kind];
}

function describedPlace(path: readonly string[]): string {
  const [first, second, third] = path;
  if (first === "service") return second === "pipelines" ? `The pipeline "${third}"` : "service.extensions";
  return `The collector's ${singular(first as Kind)} "${second}"`;
}

function singular(kind: Kind): string {
  return kind.slice(0, -1);
}
