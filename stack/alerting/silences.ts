import { withDeadline } from "../deadline.js";
import type { Stack } from "../define.js";
import { localAddress } from "../render/address.js";
import type { AlertMatcher } from "../validate/alerting/matchers.js";
import { ProblemError } from "../validate/problem.js";
import { AskError, explain, said } from "../verify/ask.js";

/** A silence as Alertmanager has it. */
export interface Silence {
  id: string;
  state: "active" | "pending" | "expired";
  matchers: AlertMatcher[];
  startsAt: string;
  endsAt: string;
  author: string;
  reason: string;
}

/** What a new silence is made of; times in ms since 1970. */
export interface NewSilence {
  matchers: readonly AlertMatcher[];
  startsAt: number;
  endsAt: number;
  author: string;
  reason: string;
}

/** The silences of a running Alertmanager. Everything throws a ProblemError (`alertmanager-refused`) where it can't be asked. */
export interface Silences {
  /** Newest first. */
  list(options: { expired: boolean }): Promise<Silence[]>;
  /** Gives its id. */
  add(silence: NewSilence): Promise<string>;
  /** False where there is no such silence that goes on. */
  expire(id: string): Promise<boolean>;
  /** How many alerts that fire now some matchers take. */
  affected(matchers: readonly AlertMatcher[]): Promise<number>;
}

/** Alertmanager's own form (API v2). */
interface ApiMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

interface ApiSilence {
  id: string;
  status: { state: Silence["state"] };
  matchers: ApiMatcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

/** The silences of the Alertmanager of a running stack. https://github.com/prometheus/alertmanager/blob/v0.28.1/api/v2/openapi.yaml */
export function silencesOf(stack: Stack, signal: AbortSignal): Silences {
  const base = `http://${localAddress(stack, "alertmanager")}/api/v2`;
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = `${base}${path}`;
    try {
      return await withDeadline(10_000, signal, async (within) => {
        const response = await fetch(url, {
          method,
          signal: within,
          ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (response.status === 404) return undefined;
        if (!response.ok) throw new AskError(`answers ${response.status}${said(text)}`);
        return text === "" ? null : (JSON.parse(text) as unknown);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new ProblemError([
        {
          id: "alertmanager-refused",
          severity: "error",
          what: "Alertmanager does not do what it is asked.",
          why: `It ${error instanceof AskError ? error.message : explain(error, url)}.`,
          next: "Look at `obs status` and `obs logs alertmanager`.",
        },
      ]);
    }
  };
  return {
    async list({ expired }) {
      const silences = ((await ask("GET", "/silences")) as ApiSilence[] | undefined) ?? [];
      return silences
        .filter(({ status }) => expired || status.state !== "expired")
        .sort((a, b) => b.startsAt.localeCompare(a.startsAt))
        .map((each) => ({
          id: each.id,
          state: each.status.state,
          matchers: each.matchers.map(fromApi),
          startsAt: each.startsAt,
          endsAt: each.endsAt,
          author: each.createdBy,
          reason: each.comment,
        }));
    },
    async add({ matchers, startsAt, endsAt, author, reason }) {
      const answer = (await ask("POST", "/silences", {
        matchers: matchers.map(toApi),
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
        createdBy: author,
        comment: reason,
      })) as { silenceID: string };
      return answer.silenceID;
    },
    async expire(id) {
      const found = (await ask("GET", `/silence/${encodeURIComponent(id)}`)) as ApiSilence | undefined;
      if (!found || found.status.state === "expired") return false;
      await ask("DELETE", `/silence/${encodeURIComponent(id)}`);
      return true;
    },
    async affected(matchers) {
      const filters = matchers.map(
        ({ label, operator, value }) =>
          `filter=${encodeURIComponent(`${label}${operator}${JSON.stringify(value)}`)}`,
      );
      const alerts = (await ask("GET", `/alerts?${filters.join("&")}`)) as unknown[] | undefined;
      return alerts?.length ?? 0;
    },
  };
}

function toApi({ label, operator, value }: AlertMatcher): ApiMatcher {
  return { name: label, value, isRegex: operator.endsWith("~"), isEqual: operator.startsWith("=") };
}

function fromApi({ name, value, isRegex, isEqual }: ApiMatcher): AlertMatcher {
  const operator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
  return { label: name, operator, value };
}
