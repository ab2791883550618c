import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../stack/package-root.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const path = "test/corpus/rules/idioms.yml";
const text = readFileSync(join(packageRoot, path), "utf8");

test("nothing is wrong with what rules of widely used sets look like", () => {
  const { problems, rules } = validateRules({
    sources: [{ path, absolutePath: join(packageRoot, path), text }],
    root: packageRoot,
    exists: () => true,
  });
  expect(rules).toBeGreaterThan(50);
  expect(problems.map(({ severity, id, place }) => `${severity} ${id} ${lineOf(place?.line)}`)).toEqual([
    // It is recorded elsewhere.
    "notice unknown-record sum(namespace_cpu:kube_pod_container_resource_requests:sum)",
    // True, and as it is in many a set.
    "notice promql-fragile /",
  ]);
});

function lineOf(line = 0): string {
  return text.split("\n")[line - 1]!.trim();
}
