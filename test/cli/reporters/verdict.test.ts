import { formatVerdict } from "../../../cli/reporters/verdict.js";
import type { Problem } from "../../../stack/validate/problem.js";

const show = (verdict: Partial<Parameters<typeof formatVerdict>[0]>) =>
  formatVerdict({ problems: [], ran: [], notRun: [], ...verdict }, { color: false, width: 100 });
const finding = (severity: Problem["severity"]): Problem => ({ id: "x", severity, what: "x" });

test("nothing found is said with who looked", () => {
  expect(show({ ran: ["otelcol validate"] })).toBe(
    "✔ Valid, nothing found.\n  Checked by obs, otelcol validate.",
  );
});

test("warnings don't make it invalid, errors do", () => {
  expect(show({ problems: [finding("warning")] })).toContain("✔ Valid; 1 warning.");
  expect(show({ problems: [finding("error"), finding("warning")] })).toContain(
    "✖ This will not work: 1 error, 1 warning.",
  );
});

test("a checker that could not run is named, never counted, and what builds it is told", () => {
  const text = show({ notRun: [{ checker: "promtool check config", why: "promtool is not installed" }] });
  expect(text).toContain("not checked by promtool check config: promtool is not installed");
  expect(text).toContain("obs toolchain install");
  expect(show({ notRun: [{ checker: "a", why: "it took too long" }] })).not.toContain("toolchain");
});
