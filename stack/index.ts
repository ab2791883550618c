/**
 * START HERE. A definition (`defineStack`) is loaded and checked (`load.ts`), rendered by the services below
 * (`services/`, one program a file), validated (`validate/`), and placed by a runtime (`runtime/`).
 * This file is also what users import as "obs-stack".
 */
export {
  type AlertCase,
  type AlertInput,
  alert,
  defineRules,
  type RecordCase,
  type RecordInput,
  type RuleGroupInput,
  type RulePack,
  record,
  type Series,
} from "./alerting/define-rules.js";
export { type Definition, defineStack, type RouteInput, type Stack, type StackInput } from "./define.js";
export { type SecretRef, secret } from "./secret.js";
export { dataSourceUids } from "./services/names.js";
export { type SloIndicator, type SloInput, slo, type WindowQuery } from "./slo/index.js";
