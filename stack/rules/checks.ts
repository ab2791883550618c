import type { RuleCheck } from "./check.js";
import { alertAnnotations } from "./checks/alert-annotations.js";
import { alertFor } from "./checks/alert-for.js";
import { alertSeverity } from "./checks/alert-severity.js";
import { badDuration } from "./checks/bad-duration.js";
import { changingLabel } from "./checks/changing-label.js";
import { declaredMetric } from "./checks/declared-metric.js";
import { duplicateGroup } from "./checks/duplicate-group.js";
import { duplicateKey } from "./checks/duplicate-key.js";
import { duplicateRule } from "./checks/duplicate-rule.js";
import { emptyGroup } from "./checks/empty-group.js";
import { incompleteRule } from "./checks/incomplete-rule.js";
import { invalidName } from "./checks/invalid-name.js";
import { logqlMeaning } from "./checks/logql-meaning.js";
import { logqlSyntax } from "./checks/logql-syntax.js";
import { lostLabel } from "./checks/lost-label.js";
import { missingRunbook } from "./checks/missing-runbook.js";
import { overwrittenLabel } from "./checks/overwritten-label.js";
import { recordLabels } from "./checks/record-labels.js";
import { recordName } from "./checks/record-name.js";
import { rejectedText } from "./checks/rejected-text.js";
import { requiredMatcher } from "./checks/required-matcher.js";
import { ruleFileShape } from "./checks/rule-file-shape.js";
import { ruleFileSyntax } from "./checks/rule-file-syntax.js";
import { ruleLabel } from "./checks/rule-label.js";
import { ruleName } from "./checks/rule-name.js";
import { ruleOrder } from "./checks/rule-order.js";
import { severalDocuments } from "./checks/several-documents.js";
import { templateFails } from "./checks/template-fails.js";
import { templateSyntax } from "./checks/template-syntax.js";
import { unknownLabel } from "./checks/unknown-label.js";
import { unknownMetric } from "./checks/unknown-metric.js";
import { unknownRecord } from "./checks/unknown-record.js";
import { unknownRuleKey } from "./checks/unknown-rule-key.js";
import { unusedRecord } from "./checks/unused-record.js";
import { valueFormat } from "./checks/value-format.js";
import { wrongNesting } from "./checks/wrong-nesting.js";
import { promqlChecks } from "./promql-checks.js";

/** Every check of rules. The comments that silence checks are looked at in the end, see silence.ts. */
export const ruleChecks: readonly RuleCheck[] = [
  // Can it be read?
  ruleFileSyntax,
  duplicateKey,
  severalDocuments,
  // Does everything stand where it belongs?
  ruleFileShape,
  wrongNesting,
  unknownRuleKey,
  incompleteRule,
  emptyGroup,
  // Is what stands there right?
  duplicateGroup,
  duplicateRule,
  badDuration,
  invalidName,
  templateSyntax,
  // Does an alert tell those who must act?
  templateFails,
  lostLabel,
  changingLabel,
  valueFormat,
  alertSeverity,
  alertAnnotations,
  missingRunbook,
  alertFor,
  // Is a record understood?
  recordName,
  // Is everything as the team agreed on?
  ruleLabel,
  ruleName,
  rejectedText,
  recordLabels,
  requiredMatcher,
  // Do rules fit together?
  unknownRecord,
  unusedRecord,
  ruleOrder,
  overwrittenLabel,
  // Are queries valid, and do they say what was meant?
  ...promqlChecks,
  logqlSyntax,
  logqlMeaning,
  // Is there anything to ask about?
  unknownMetric,
  unknownLabel,
  declaredMetric,
];

/** Findings of reading files: they come before any check, and can't be silenced. */
export const readingIds: readonly string[] = [
  "empty-rule-glob",
  "unreadable-rule-file",
  "rule-file-not-text",
  "rule-file-too-large",
];

/** Findings about comments that silence checks. */
export const disableCommentId = "disable-comment";

/** Every id that `--only` and `--disable` take, and that a comment can silence. */
export function ruleCheckIds(): string[] {
  return [...ruleChecks.map(({ id }) => id), disableCommentId];
}
