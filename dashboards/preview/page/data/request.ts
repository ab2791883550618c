import type { ErrorAnswer } from "../../api.js";

/** A question that was answered with no, in words for the panel that asked. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly next?: string,
  ) {
    super(message);
    this.name = "RequestError";
  }
}

/** Browsers open six connections to a server, and the events take one of them. */
const mostAtOnce = 5;
/** Milliseconds; the server gives up before, and says so better. */
const patience = 40_000;

interface Shared {
  answer: Promise<unknown>;
  waiting: number;
  stop: AbortController;
}

const running = new Map<string, Shared>();
const queue: (() => void)[] = [];
let atOnce = 0;

/**
 * Asks the preview's server for JSON; with a body by POST: of `URLSearchParams` as a form, else as JSON. The same question
 * asked twice at a time is sent once, and taken back when nobody waits for it any more. Throws RequestError, and an
 * AbortError when `signal` says so.
 */
export async function ask<Answer>(
  path: string,
  { signal, body }: { signal?: AbortSignal | undefined; body?: URLSearchParams | object | undefined } = {},
): Promise<Answer> {
  signal?.throwIfAborted();
  const sent =
    body === undefined ? undefined : body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
  const key = `${path}\n${sent ?? ""}`;
  let shared = running.get(key);
  if (shared === undefined) {
    const stop = new AbortController();
    const answer = inTurn(stop.signal, () => send(path, body, sent, stop.signal)).finally(() => {
      if (running.get(key)?.stop === stop) running.delete(key);
    });
    // Whoever waits hears of it below; that nobody does any more is no fault.
    answer.catch(() => undefined);
    shared = { answer, waiting: 0, stop };
    running.set(key, shared);
  }
  const mine = shared;
  mine.waiting++;
  const leave = () => {
    if (--mine.waiting > 0) return;
    if (running.get(key) === mine) running.delete(key);
    mine.stop.abort();
  };
  if (!signal) return mine.answer.finally(leave) as Promise<Answer>;
  return new Promise<Answer>((resolve, reject) => {
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    mine.answer.then(
      (answer) => {
        signal.removeEventListener("abort", onAbort);
        if (!signal.aborted) resolve(answer as Answer);
      },
      (error) => {
        signal.removeEventListener("abort", onAbort);
        if (!signal.aborted) reject(error);
      },
    );
  });
}

/** Whether an error only says that the question was taken back. */
export function wasTakenBack(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function inTurn<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  if (atOnce >= mostAtOnce) await new Promise<void>((go) => queue.push(go));
  else atOnce++;
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    const next = queue.shift();
    // The place is handed on, or given up.
    if (next) next();
    else atOnce--;
  }
}

async function send(
  path: string,
  body: unknown,
  sent: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      ...(sent !== undefined && {
        method: "POST",
        body: sent,
        headers: {
          "content-type":
            body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json",
        },
      }),
    });
    if (response.ok) return await response.json();
  } catch (error) {
    if (wasTakenBack(error)) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError")
      throw new RequestError(
        `No answer came within ${patience / 1000} s.`,
        504,
        "Look at a shorter time, or make the query narrower.",
      );
    throw new RequestError(
      "The preview's server doesn't answer.",
      0,
      "Is `obs dashboards preview` still running?",
    );
  }
  throw await refusal(response);
}

async function refusal(response: Response): Promise<RequestError> {
  try {
    const { error } = (await response.json()) as ErrorAnswer;
    return new RequestError(error.what, error.status, error.next);
  } catch {
    return new RequestError(
      `The server answered ${response.status} ${response.statusText}.`,
      response.status,
    );
  }
}
