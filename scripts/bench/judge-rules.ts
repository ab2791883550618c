// Judges the rule files named on standard input and prints what that took: a process of its own for the figures of rules.
import { readFileSync } from "node:fs";

const files = JSON.parse(readFileSync(0, "utf8")) as string[];
const begun = performance.now();
const { validateRules } = await import("../../stack/rules/validate-rules.js");
const { rules } = validateRules({
  sources: files.map((path) => ({ path, absolutePath: path, text: readFileSync(path, "utf8") })),
  root: process.cwd(),
});
const ms = performance.now() - begun;
console.log(JSON.stringify({ ms, memory: process.resourceUsage().maxRSS / 1024, rules }));
