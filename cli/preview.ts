import { ports } from "../stack/ports.js";
import { openPreview } from "../stack/preview/open.js";
import type { PreviewServer } from "../stack/preview/server.js";
import type { Project } from "../stack/project.js";
import { findTakenPorts, portProblem } from "../stack/runtime/ports.js";
import { currentRuntime, surveyRuntimes } from "../stack/runtimes.js";
import { type Problem, ProblemError } from "../stack/validate/problem.js";
import type { Context, ExitCode } from "./context.js";
import { openInBrowser } from "./open-in-browser.js";

/** `obs dashboards preview`: serves until it is interrupted. */
export async function preview(
  context: Context,
  { port, open = false, json = false }: { port?: number; open?: boolean; json?: boolean },
): Promise<ExitCode> {
  const project = await context.project();
  const server = await startPreview(project, port === undefined ? [ports.preview.default, 0] : [port]);
  try {
    if (json) context.print(JSON.stringify({ url: server.url }));
    else context.print(`Dashboards are drawn at ${server.url}, anew at each save. Ctrl-C ends it.`);
    if (open && !(await openInBrowser(server.url))) await context.report([notOpened(server.url)]);
    await aborted(context.signal);
  } finally {
    await server.close();
  }
  return 0;
}

/**
 * Serves the preview of a project at the first of some ports that can be had; 0 is a free one. Throws a ProblemError (exit
 * code 2) where none can.
 */
export async function startPreview(project: Project, [port, ...others]: number[]): Promise<PreviewServer> {
  const runtime = currentRuntime(await surveyRuntimes(project))?.runtime.name ?? "native";
  try {
    return await openPreview(project, { runtime, port: port! });
  } catch (error) {
    if (others.length > 0) return startPreview(project, others);
    throw new ProblemError([await notServed(port!, error as NodeJS.ErrnoException)], 2);
  }
}

async function notServed(port: number, { code = "unknown error" }: NodeJS.ErrnoException): Promise<Problem> {
  const claim = {
    service: "The preview",
    name: "preview",
    address: `127.0.0.1:${port}`,
    protocol: "tcp",
  } as const;
  const [taken] = await findTakenPorts([claim]);
  return portProblem(taken ?? { claim, code, holders: [] }, undefined);
}

function notOpened(url: string): Problem {
  return {
    id: "browser-not-opened",
    severity: "notice",
    what: "No browser could be opened.",
    next: `Open ${url} in one.`,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
