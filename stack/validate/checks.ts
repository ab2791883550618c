import type { Check } from "./check.js";
import { alertTemplates } from "./checks/alert-templates.js";
import { catalogFile } from "./checks/catalog-file.js";
import { collectorComponents } from "./checks/collector-components.js";
import { collectorPortClash } from "./checks/collector-port-clash.js";
import { dashboardAxis } from "./checks/dashboard-axis.js";
import { dashboardCardinality } from "./checks/dashboard-cardinality.js";
import { dashboardDataSource } from "./checks/dashboard-data-source.js";
import { dashboardLink } from "./checks/dashboard-link.js";
import { dashboardQuery } from "./checks/dashboard-query.js";
import { dashboardRange } from "./checks/dashboard-range.js";
import { dashboardUnit } from "./checks/dashboard-unit.js";
import { dashboardVariable } from "./checks/dashboard-variable.js";
import { declaredMetric } from "./checks/declared-metric.js";
import { duplicateDashboardUid } from "./checks/duplicate-dashboard-uid.js";
import { duplicatePanelTitle } from "./checks/duplicate-panel-title.js";
import { duplicateScrapeJob } from "./checks/duplicate-scrape-job.js";
import { envFileReadable } from "./checks/env-file-readable.js";
import { exporterEndpoint } from "./checks/exporter-endpoint.js";
import { exposedWithoutProtection } from "./checks/exposed-without-protection.js";
import { inhibition } from "./checks/inhibition.js";
import { lateSamples } from "./checks/late-samples.js";
import { ledgerDataSource } from "./checks/ledger-data-source.js";
import { memoryLimit } from "./checks/memory-limit.js";
import { missingProjectFile } from "./checks/missing-project-file.js";
import { missingSecret } from "./checks/missing-secret.js";
import { overrideSecret } from "./checks/override-secret.js";
import { overrideVariable } from "./checks/override-variable.js";
import { packOption } from "./checks/pack-option.js";
import { portClash } from "./checks/port-clash.js";
import { redactPattern } from "./checks/redact-pattern.js";
import { reservedName } from "./checks/reserved-name.js";
import { retention } from "./checks/retention.js";
import { routeCase } from "./checks/route-case.js";
import { routeMatcher } from "./checks/route-matcher.js";
import { samplingPolicies } from "./checks/sampling-policies.js";
import { scrapeJobWithoutTargets } from "./checks/scrape-job-without-targets.js";
import { scrapeTimeout } from "./checks/scrape-timeout.js";
import { slo } from "./checks/slo.js";
import { timeInterval } from "./checks/time-interval.js";
import { tlsCertificate } from "./checks/tls-certificate.js";
import { traceAttribute } from "./checks/trace-attribute.js";
import { unknownDataSource } from "./checks/unknown-data-source.js";
import { unknownLabel } from "./checks/unknown-label.js";
import { unknownMetric } from "./checks/unknown-metric.js";
import { unknownReceiver } from "./checks/unknown-receiver.js";
import { unknownTemplate } from "./checks/unknown-template.js";
import { unreachableRoute } from "./checks/unreachable-route.js";
import { unroutedAlerts } from "./checks/unrouted-alerts.js";
import { unusedReceiver } from "./checks/unused-receiver.js";
import { yamlReread } from "./checks/yaml-reread.js";

/** Those of dashboards: what they ask for, show and link to. */
export const dashboardChecks: readonly Check[] = [
  duplicateDashboardUid,
  unknownDataSource,
  dashboardDataSource,
  dashboardVariable,
  dashboardQuery,
  traceAttribute,
  dashboardLink,
  dashboardUnit,
  dashboardAxis,
  dashboardRange,
  dashboardCardinality,
  duplicatePanelTitle,
  unknownMetric,
  unknownLabel,
  ledgerDataSource,
];

/** Every check that needs no upstream program; those are in programs.ts. */
export const checks: readonly Check[] = [
  // What the definition says
  portClash,
  exposedWithoutProtection,
  reservedName,
  duplicateScrapeJob,
  scrapeJobWithoutTargets,
  scrapeTimeout,
  retention,
  lateSamples,
  packOption,
  slo,
  unknownReceiver,
  routeCase,
  unusedReceiver,
  unroutedAlerts,
  routeMatcher,
  unreachableRoute,
  ...dashboardChecks,
  declaredMetric,
  catalogFile,
  // What it refers to
  missingProjectFile,
  tlsCertificate,
  missingSecret,
  overrideSecret,
  overrideVariable,
  envFileReadable,
  // What was rendered from it, overrides included
  yamlReread,
  alertTemplates,
  unknownTemplate,
  timeInterval,
  inhibition,
  collectorComponents,
  collectorPortClash,
  exporterEndpoint,
  memoryLimit,
  redactPattern,
  samplingPolicies,
];
