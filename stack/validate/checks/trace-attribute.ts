import { contentAttributes } from "../../services/content.js";
import type { TraceqlAttribute } from "../../traceql/index.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { DashboardQuery, Json } from "../dashboards/dashboard.js";
import { excerpt } from "../dashboards/promql.js";
import { fillings } from "../dashboards/variables.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";

const id = "trace-attribute";

/**
 * Attributes that describe who sends, not a single operation: https://opentelemetry.io/docs/specs/semconv/resource/.
 * They stand in the resource, and nowhere else.
 */
const ofResources = [
  ...["service.name", "service.namespace", "service.instance.id", "service.version"],
  ...["deployment.environment.name", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"],
  ...["host.name", "host.id", "k8s.namespace.name", "k8s.pod.name", "k8s.deployment.name", "container.id"],
];

/**
 * Attributes of spans that the stack itself reads or that any instrumentation of models or HTTP sets:
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/
 */
const ofSpans = [
  ...["gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model"],
  ...["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.response.finish_reasons"],
  ...["gen_ai.agent.name", "gen_ai.tool.name", "gen_ai.conversation.id", "error.type"],
  ...["http.request.method", "http.response.status_code", "http.route", "url.path", "server.address"],
];

/** Attributes that a dashboard's queries of traces ask for in vain. */
export const traceAttribute: Check = {
  id,
  async run(context) {
    const { dashboards } = await dashboardWorld(context);
    const queries = dashboards.flatMap(({ dashboard, others }) =>
      others.filter(({ language }) => language === "traceql").map((query) => ({ dashboard, query })),
    );
    if (queries.length === 0) return [];
    const { analyseTraceql } = await import("../../traceql/index.js");
    return queries.flatMap(({ dashboard, query }) => findingsIn(context, query, dashboard, analyseTraceql));
  },
};

function findingsIn(
  context: CheckContext,
  query: DashboardQuery,
  dashboard: Json,
  analyse: typeof import("../../traceql/index.js").analyseTraceql,
): Problem[] {
  const [filled] = fillings(query.text, dashboard, "traceql");
  const { attributes, errors } = analyse(filled!.text);
  if (errors.length > 0) return [];
  return attributes.flatMap((attribute): Problem[] => {
    const fault = faultOf(context, attribute);
    return fault
      ? [
          {
            id,
            ...fault,
            place: atKey(context, query.keyPath),
            output: excerpt(query.text, filled!.originalOf(attribute.from)),
          },
        ]
      : [];
  });
}

const content = new RegExp(contentAttributes);

function faultOf(
  { input }: CheckContext,
  { scope, name }: TraceqlAttribute,
): Pick<Problem, "severity" | "what" | "why" | "next"> | undefined {
  if (content.test(name) && !input.stack.collector.content.keep)
    return {
      severity: "warning",
      what: `No trace has the attribute ${name}.`,
      why: "The collector drops what people wrote and models answered.",
      next: "Leave it out, or keep content with collector.content.keep.",
    };
  if (scope === "span" && ofResources.includes(name))
    return {
      severity: "notice",
      what: `No span has the attribute ${name}: it describes the resource.`,
      next: `Write resource.${name}.`,
    };
  if (scope === "resource" && ofSpans.includes(name))
    return {
      severity: "notice",
      what: `No resource has the attribute ${name}: it describes single spans.`,
      next: `Write span.${name}.`,
    };
  const known = scope === "resource" ? ofResources : [...ofResources, ...ofSpans];
  const meant = known.includes(name) || name.length < nearlyFrom ? undefined : nearly(name, known);
  return meant === undefined
    ? undefined
    : {
        severity: "notice",
        what: `The attribute ${name} is nearly one that instrumentations set, and not that.`,
        next: `Did you mean ${meant}?`,
      };
}

/** Shorter names are too often like each other. */
const nearlyFrom = 8;

/** A known name that has the same number of parts. */
function nearly(name: string, known: readonly string[]): string | undefined {
  const meant = didYouMean(name, known);
  return meant && meant.split(".").length === name.split(".").length && sameButOnePart(meant, name)
    ? meant
    : undefined;
}

/** `gen_ai.request.modle`, not `gen_ai.response.id`: one part is misspelt, the others are as they are. */
function sameButOnePart(one: string, other: string): boolean {
  const parts = other.split(".");
  const different = one.split(".").flatMap((part, at) => (part === parts[at] ? [] : [[part, parts[at]!]]));
  return different.length === 1 && didYouMean(different[0]![1]!, [different[0]![0]!]) !== undefined;
}
