import type { Stack } from "../stack/define.js";
import type { GrafanaAccess } from "../stack/grafana/client.js";
import type { Project } from "../stack/project.js";
import { localAddress } from "../stack/render/address.js";
import { readSecrets } from "../stack/runtime/secrets.js";
import { ProblemError } from "../stack/validate/problem.js";

/** Names the variable that holds a token of a Grafana that isn't the stack's own. */
const tokenVariable = "OBS_GRAFANA_TOKEN";

/**
 * How to ask the stack's own Grafana, as its admin, or the one at an address. The admin's password goes nowhere else.
 * Throws a ProblemError where it is missing, or the address is none.
 */
export async function grafanaAccess(
  project: Project,
  stack: Stack,
  url: string | undefined,
  signal: AbortSignal,
): Promise<GrafanaAccess> {
  if (url === undefined) {
    const { secret } = stack.grafana.adminPassword;
    const { values, problems } = await readSecrets(project, [secret]);
    const password = values.get(secret);
    if (password === undefined) throw new ProblemError(problems, 2);
    return {
      url: `http://${localAddress(stack, "grafana")}`,
      authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
      next: `${secret} counts only at Grafana's first start: set it to the admin's password, or change that one.`,
      signal,
    };
  }
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || address.username !== "" || address.password !== "")
    throw new ProblemError([
      {
        id: "grafana",
        severity: "error",
        what: "The address given with --url is none that obs can ask.",
        next: `Write http(s)://<host>[:<port>][/<path>], and the token into ${tokenVariable}.`,
      },
    ]);
  const token = process.env[tokenVariable];
  return {
    url: `${address.origin}${address.pathname}`.replace(/\/+$/, ""),
    ...(token && { authorization: `Bearer ${token}` }),
    next: `Put a token of a service account that may read dashboards into ${tokenVariable}.`,
    signal,
  };
}
