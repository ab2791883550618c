import { dashboardCases } from "./dashboards.js";
import { runCases } from "./run-cases.js";

runCases({ dashboards: dashboardCases });
