import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dataSources } from "./data-sources.js";

/** A choice on top of a page: the values of a label. */
export interface VariableInput {
  /** As queries name it: `service=~"$service"`. */
  name: string;
  title: string;
  /** The metric whose label it is, with matchers if wanted. */
  metric: string;
  /** Default: the variable's name. */
  label?: string;
  /** One value at a time, where a page is about one thing. Default: any number of them, or all. */
  single?: boolean;
}

/** A variable with the values of a label. All of them also takes in what lacks the label. */
export function variable({
  name,
  title,
  metric,
  label = name,
  single = false,
}: VariableInput): QueryVariableBuilder {
  const query = `label_values(${metric}, ${label})`;
  const built = new QueryVariableBuilder(name)
    .label(title)
    .datasource(dataSources.prometheus)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(!single)
    .includeAll(!single);
  return single ? built : built.allValue(".*").current({ selected: true, text: "All", value: "$__all" });
}

/** Environments that spans came from. */
export const environment = () =>
  variable({
    name: "environment",
    title: "Environment",
    metric: "traces_span_metrics_calls_total",
    label: "deployment_environment_name",
  });

/** Services that answer requests, as the records of the service pack name them. */
export const service = (options: { single?: boolean } = {}) =>
  variable({
    name: "service",
    title: "Service",
    metric: 'service:requests:rate5m{deployment_environment_name=~"$environment"}',
    ...options,
  });

/** Providers of models that were called. */
export const provider = () => variable({ name: "provider", title: "Provider", metric: "llm_requests_total" });

/** Models that were called, of the chosen providers. */
export const model = () =>
  variable({ name: "model", title: "Model", metric: 'llm_requests_total{provider=~"$provider"}' });

/** Features that called models, or another metric with that label. */
export const feature = (metric = "llm_requests_total") =>
  variable({ name: "feature", title: "Feature", metric });

/** Teams that called models, or another metric with that label. */
export const team = (metric = "llm_requests_total") => variable({ name: "team", title: "Team", metric });
