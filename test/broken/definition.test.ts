import { configCases } from "./config.js";
import { overrideCases } from "./overrides.js";
import { runCases } from "./run-cases.js";

runCases({ "the definition": configCases, overrides: overrideCases });
