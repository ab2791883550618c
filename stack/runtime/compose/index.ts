import { ProblemError } from "../../validate/problem.js";
import type { RuntimeFactory } from "../runtime.js";
import { requireDocker } from "./docker.js";
import { composeDown } from "./down.js";
import { composeLogs } from "./logs.js";
import { projectName } from "./project-name.js";
import { composeSecondPrometheus } from "./second-prometheus.js";
import { composeStatus } from "./status.js";
import { composeUp } from "./up.js";
import { composeWebhookAddress } from "./webhook.js";

export { type DockerState, dockerState } from "./docker-state.js";

/** Runs the stack as containers, by `docker compose`. */
export const composeRuntime: RuntimeFactory = (project) => ({
  name: "compose",
  up: (request) => composeUp(project, request),
  down: (options) => composeDown(project, options),
  status: () => composeStatus(project),
  logs: async (options) => composeLogs(await requireDocker(project), await nameOr(project), options),
  webhookAddress: async () => composeWebhookAddress(await requireDocker(project), await nameOr(project)),
  secondPrometheus: async (request) => composeSecondPrometheus(await nameOr(project), request),
});

async function nameOr(project: Parameters<RuntimeFactory>[0]): Promise<string> {
  const name = await projectName(project);
  if (name !== undefined) return name;
  throw new ProblemError(
    [
      {
        id: "stack-not-up",
        severity: "error",
        what: "The stack of this project does not run.",
        next: "Start it: `obs up`.",
      },
    ],
    2,
  );
}
