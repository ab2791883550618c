import { basename } from "node:path";
import { portNumber } from "../../ports.js";
import { imageOf, ingressNetwork } from "../../render/compose.js";
import type { SecondPrometheusPlan, SecondPrometheusRequest } from "../runtime.js";

/** Where the container finds its folder. */
const mountedAt = "/drill";

/**
 * A container of the stack's own image in the network of the published services, where Alertmanager is. It belongs to the
 * user who asks, so that what it stores can be removed; `docker run` hands SIGTERM on to it.
 */
export function composeSecondPrometheus(
  project: string,
  { stack, folder, port }: SecondPrometheusRequest,
): SecondPrometheusPlan {
  const user = process.getuid && process.getgid ? `${process.getuid()}:${process.getgid()}` : "65534:65534";
  return {
    command: [
      "docker",
      "run",
      "--rm",
      "--init",
      `--name=${project}-${basename(folder)}`,
      `--network=${project}_${ingressNetwork}`,
      `--publish=127.0.0.1:${port}:9090`,
      `--volume=${folder}:${mountedAt}`,
      `--user=${user}`,
      "--read-only",
      "--tmpfs=/tmp",
      "--cap-drop=ALL",
      "--security-opt=no-new-privileges",
      "--memory=512m",
      imageOf(stack, "prometheus"),
    ],
    env: engineEnvironment(),
    folder: mountedAt,
    listen: "0.0.0.0:9090",
    alertmanager: `alertmanager:${portNumber(stack, "alertmanager")}`,
  };
}

/** Which engine Docker's client talks to, and how: the same as for everything else that obs asks of it. */
function engineEnvironment(): Record<string, string> {
  const wanted = /^DOCKER_|^(XDG_RUNTIME_DIR|SSH_AUTH_SOCK)$/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      wanted.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
