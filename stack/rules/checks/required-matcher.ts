import type { Node, Selector } from "../../promql/index.js";
import { queryCheck } from "../queries.js";
import { fits } from "../text-rule.js";

/** Labels that selectors must ask for, by what a team agreed on: alerting.checks.selectors. */
export const requiredMatcher = queryCheck("required-matcher", "warning", function* (query, { settings }) {
  for (const { metrics, labels, within } of settings.selectors)
    for (const selector of query.selectors) {
      if (!fits(metrics, selector.metric ?? "")) continue;
      if (within !== undefined && !stands(selector, within)) continue;
      const missing = labels.filter((name) => !selector.matchers.some(({ label }) => label === name));
      if (missing.length > 0)
        yield {
          at: selector,
          what: `\`${selector.metric ?? "This selector"}\` is asked for without ${missing.join(", ")}.`,
          why: `alerting.checks.selectors wants ${labels.join(", ")} in selectors that match ${metrics}${within === undefined ? "" : ` within ${within}`}.`,
          next: `Add a matcher: \`{${missing[0]}="..."}\`.`,
        };
    }
});

function stands(selector: Selector, within: string): boolean {
  for (let node: Node | undefined = selector.parent; node; node = node.parent)
    if ((node.kind === "call" || node.kind === "aggregation") && fits(within, node.name)) return true;
  return false;
}
