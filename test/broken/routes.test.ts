import { routeCases } from "./routes.js";
import { runCases } from "./run-cases.js";

runCases({ "routes and receivers": routeCases });
