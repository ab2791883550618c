/** An answer that isn't the one hoped for, in words that follow a program's name: "answers 503 (...)". */
export class AskError extends Error {
  override name = "AskError";
}

/**
 * The JSON that a GET answers. 404 gives undefined: not there (yet).
 * Throws AskError with the reason in plain words for everything else; rejects with the signal's reason when aborted.
 */
export async function askJson<T>(url: string, signal: AbortSignal): Promise<T | undefined> {
  const response = await fetch(url, { signal, headers: { accept: "application/json" } }).catch((error) => {
    throw signal.aborted && !isTimeout(signal.reason) ? signal.reason : new AskError(explain(error, url));
  });
  const text = await response.text().catch(() => "");
  if (response.status === 404) return undefined;
  if (!response.ok) throw new AskError(`answers ${response.status}${said(text)} at ${withoutQuery(url)}`);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new AskError(`answers something other than JSON at ${withoutQuery(url)}${said(text)}`);
  }
}

/** The reason why a connection failed, in a few words. */
export function explain(error: unknown, url: string): string {
  const { cause, name } = error as { cause?: NodeJS.ErrnoException; name?: string };
  const at = withoutQuery(url);
  if (name === "TimeoutError") return `doesn't answer at ${at}`;
  const code = cause?.code ?? (error as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return `doesn't listen at ${at}`;
  return `doesn't answer at ${at} (${code ?? (error as Error).message})`;
}

/** What a program answered, shortened for a message, in front of which it puts a space. */
export function said(text: string): string {
  const line = text.trim().split("\n")[0]?.slice(0, 200);
  return line ? ` (${line})` : "";
}

function isTimeout(reason: unknown): boolean {
  return (reason as { name?: string } | undefined)?.name === "TimeoutError";
}

function withoutQuery(url: string): string {
  return url.split("?")[0]!;
}
