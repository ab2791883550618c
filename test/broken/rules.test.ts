import { alertCases, queryCases, ruleFileCases } from "./rules.js";
import { runCases } from "./run-cases.js";

runCases({ "rule files": ruleFileCases, queries: queryCases, "what alerts say": alertCases });
