/**
 * START HERE. The packs of alerts that come with obs, each a function of its thresholds that gives rules with their cases:
 * `alerting: { packs: [llmPack(), hostPack()] }`. Their runbooks are in `runbooks/`, one an alert.
 * This file is what users import as "obs-stack/alerts".
 */
export type { RulePack } from "obs-stack";
export { type HostPackOptions, hostPack } from "./packs/host/index.js";
export { type LlmPackOptions, llmPack } from "./packs/llm/index.js";
export { type ServicePackOptions, type ServiceThresholds, servicePack } from "./packs/service/index.js";
export { type LlmSloOptions, llmSlos } from "./packs/slo/llm.js";
export { type ServiceSloOptions, serviceSlos } from "./packs/slo/service.js";
export { type StackPackOptions, stackPack } from "./packs/stack/index.js";
