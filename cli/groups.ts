/** Headings of `obs --help`, in order: a newcomer reads them from top to bottom. */
export const groups = {
  start: "Run a stack:",
  check: "Check it:",
  alerts: "Alerts:",
  dashboards: "Dashboards:",
  models: "Calls of models:",
  tools: "Tools:",
} as const;
