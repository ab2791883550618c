import { defineRules, type RulePack } from "obs-stack";
import { count, each, fields, percent, positive, text } from "../options.js";
import { serviceAlerts } from "./alerts.js";
import { serviceRecords } from "./records.js";

/** Thresholds for one service. */
export interface ServiceThresholds {
  /** 99 of 100 requests must be answered within so many seconds. Default: 0.2. */
  latencyP99Seconds?: number;
  /** Per cent of requests that may fail. Default: 5. */
  errorPercent?: number;
}

/** Thresholds of {@link servicePack}. */
export interface ServicePackOptions extends ServiceThresholds {
  /** Who answers for the services. Default: `platform`. */
  owner?: string;
  /**
   * Requests in five minutes below which neither latency nor errors are judged: one slow request of ten says nothing
   * about a service. Default: 100.
   */
  minimumRequests?: number;
  /**
   * Thresholds of services that differ, by `service.name`. A service that calls a model is judged for latency only if it
   * is named here: the model takes most of its time, and the llm pack watches that.
   */
  services?: Readonly<Record<string, ServiceThresholds>>;
}

/** All thresholds, with their defaults; errors as a ratio. */
export interface Thresholds {
  latency: number;
  errors: number;
  minimum: number;
  services: readonly { service: string; latency: number; errors: number }[];
}

const thresholdsOf = { latencyP99Seconds: positive, errorPercent: percent };
const optionsOf = fields<ServicePackOptions>({
  ...thresholdsOf,
  owner: text,
  minimumRequests: count,
  services: each(fields<ServiceThresholds>(thresholdsOf)),
});

/**
 * The golden signals of every service that sends spans or the `http.server` metrics of OpenTelemetry: latency, traffic,
 * errors, saturation. Recorded as `service:…`, by `service` and `deployment_environment_name`.
 */
export function servicePack(options: ServicePackOptions = {}): RulePack {
  const {
    owner = "platform",
    latencyP99Seconds = 0.2,
    errorPercent = 5,
    minimumRequests = 100,
    services = {},
  } = options;
  const pack = {
    name: "service",
    owner,
    description: "Golden signals of services: latency, traffic, errors, saturation.",
    faults: optionsOf(options, ""),
  };
  if (pack.faults.length > 0) return defineRules({ ...pack, groups: [] });
  const thresholds: Thresholds = {
    latency: latencyP99Seconds,
    errors: errorPercent / 100,
    minimum: minimumRequests,
    services: Object.entries(services).map(([service, own]) => ({
      service,
      latency: own.latencyP99Seconds ?? latencyP99Seconds,
      errors: (own.errorPercent ?? errorPercent) / 100,
    })),
  };
  return defineRules({
    ...pack,
    groups: [
      { name: "service-records", rules: serviceRecords() },
      { name: "service-alerts", rules: serviceAlerts(thresholds) },
    ],
  });
}
