import type { Context, ExitCode } from "./context.js";

/** `obs dashboards preview`: serves until it is interrupted. */
export async function preview(
  context: Context,
  _options: { port?: number; open?: boolean; json?: boolean },
): Promise<ExitCode> {
  await context.project();
  return 0;
}
