import { ProblemError } from "../validate/problem.js";

/** What a Grafana is asked with. */
export interface GrafanaAccess {
  /** `http://127.0.0.1:3000`, also with a path. */
  url: string;
  /** Value of the header `Authorization`. Never printed. */
  authorization?: string;
  /** What to do where the credentials are refused. */
  next: string;
  signal: AbortSignal;
}

/** A dashboard as its API gives it, `GET /api/dashboards/uid/<uid>`. */
export interface HeldDashboard {
  dashboard: Record<string, unknown>;
  /** Counts up with each save. */
  version: number | undefined;
  /** Whether it came from files, as those of the stack do. */
  provisioned: boolean;
}

/** A line of its list of dashboards, `GET /api/search`. */
export interface FoundDashboard {
  uid: string;
  title: string;
  folderTitle?: string;
}

const pageSize = 1000;
const patience = 30_000;

/** Every dashboard that whoever asks may see. Throws a ProblemError where Grafana doesn't answer. */
export async function searchDashboards(access: GrafanaAccess): Promise<FoundDashboard[]> {
  const all: FoundDashboard[] = [];
  for (let page = 1; ; page++) {
    const found = await ask(access, `/api/search?type=dash-db&limit=${pageSize}&page=${page}`);
    if (!Array.isArray(found)) throw strange(access, "its list of dashboards is none");
    all.push(...(found as FoundDashboard[]));
    if (found.length < pageSize) return all;
  }
}

/** A dashboard; undefined where there is none of this uid. Throws a ProblemError where Grafana doesn't answer. */
export async function fetchDashboard(access: GrafanaAccess, uid: string): Promise<HeldDashboard | undefined> {
  const answer = (await ask(access, `/api/dashboards/uid/${encodeURIComponent(uid)}`)) as
    | { dashboard?: unknown; meta?: { version?: number; provisioned?: boolean } }
    | undefined;
  if (answer === undefined) return undefined;
  const { dashboard, meta } = answer;
  if (typeof dashboard !== "object" || dashboard === null)
    throw strange(access, `it gives no dashboard for ${uid}`);
  return {
    dashboard: dashboard as Record<string, unknown>,
    version: meta?.version,
    provisioned: meta?.provisioned === true,
  };
}

/** What it answers; undefined for 404. Redirects aren't followed: whatever leads elsewhere isn't given the credentials. */
async function ask(access: GrafanaAccess, path: string): Promise<unknown> {
  const { url, authorization, signal } = access;
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/+$/, "")}${path}`, {
      headers: { accept: "application/json", ...(authorization && { authorization }) },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw failure(
      `There is no Grafana at ${url} (${cause}).`,
      "Start the stack, `obs up`, or name another one: --url <address>.",
    );
  }
  const { status } = response;
  if (status === 404) return undefined;
  if (status >= 300 && status < 400)
    throw failure(`Grafana at ${url} sends to its login instead of an answer.`, access.next);
  if (status === 401 || status === 403)
    throw failure(`Grafana at ${url} refuses the credentials (${status}).`, access.next);
  if (!response.ok) throw strange(access, `it answered ${status} to ${path.split("?")[0]}`);
  try {
    return await response.json();
  } catch {
    signal.throwIfAborted();
    throw strange(access, "it answers with something other than JSON");
  }
}

function strange({ url }: GrafanaAccess, why: string): ProblemError {
  return failure(
    `What answers at ${url} is no Grafana that obs understands: ${why}.`,
    "Look at the address, and at its log.",
  );
}

function failure(what: string, next: string): ProblemError {
  return new ProblemError([{ id: "grafana", severity: "error", what, next }], 2);
}
