import { localAddress } from "../../render/address.js";
import { findProgram } from "../../toolchain/find.js";
import { ProblemError } from "../../validate/problem.js";
import type { SecondPrometheusPlan, SecondPrometheusRequest } from "../runtime.js";

/** The program that the stack itself runs. */
export async function nativeSecondPrometheus({
  stack,
  folder,
  port,
}: SecondPrometheusRequest): Promise<SecondPrometheusPlan> {
  const program = await findProgram("prometheus");
  if (!program)
    throw new ProblemError(
      [
        {
          id: "program-missing",
          severity: "error",
          what: "Prometheus is not installed.",
          next: "Run `obs toolchain install prometheus`.",
        },
      ],
      2,
    );
  return {
    command: [program.path],
    env: {},
    folder,
    listen: `127.0.0.1:${port}`,
    alertmanager: localAddress(stack, "alertmanager"),
  };
}
