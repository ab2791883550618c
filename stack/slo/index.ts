/** Service level objectives: a definition (`slo`) becomes records, an error budget and burn-rate alerts. */
export type { BurnRateWindows } from "./burn-rates.js";
export type { SloIndicator, SloInput, SloPack, WindowQuery } from "./define-slo.js";
export { slo } from "./slo.js";
