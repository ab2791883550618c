import type { ErrorType } from "./semconv.js";

/**
 * The kind of a failure, from the provider's or library's own word for it, the HTTP status, and what was said: the
 * first that tells. Names are those of the official OpenAI and Anthropic SDKs, their APIs' `type` and `code`, and of
 * HTTP clients.
 */
export function errorTypeOf(own: string | null, httpStatus: number, message: string): ErrorType {
  const status = own !== null && /^[1-5]\d\d$/.test(own) ? Number(own) : httpStatus;
  const said = message.slice(0, 2000);
  return (
    byWords(own ?? "", true) ??
    // A message tells apart what a status leaves open: 429 is also an empty account, 400 also a prompt too long.
    (status === 429 || status === 400 || !(status >= 400) ? byWords(said, false) : undefined) ??
    byStatus(status) ??
    "other"
  );
}

function byWords(words: string, isName: boolean): ErrorType | undefined {
  return kinds.find(([, pattern, inNamesOnly]) => (isName || !inNamesOnly) && pattern.test(words))?.[0];
}

/** The first match wins. Those with `true` are too common as words to be looked for in messages. */
const kinds: readonly (readonly [ErrorType, RegExp, boolean?])[] = [
  [
    "quota_exceeded",
    /insufficient.?quota|quota.?exceeded|exceeded your current quota|credit balance|billing/i,
  ],
  ["context_length", /context.?length|context.?window|maximum context|too many tokens|prompt is too long/i],
  ["content_filter", /content.?(?:filter|policy)|safety|responsibleai/i],
  ["rate_limit", /rate.?limit|too.?many.?requests|throttl|resource.?exhausted/i],
  ["timeout", /time(?:d)?.?out|deadline.?exceeded|ETIMEDOUT/i],
  ["cancelled", /abort|cancel/i],
  ["authentication", /authenticat|unauthori[sz]ed|invalid.?api.?key/i],
  ["permission", /permission|forbidden|access.?denied/i],
  ["overloaded", /overload|service.?unavailable/i],
  ["connection", /connection|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|fetch failed|socket hang up/i],
  ["not_found", /not.?found/i],
  ["invalid_request", /bad.?request|invalid.?request|unprocessable|validation/i, true],
  ["server_error", /internal.?server|server.?error|api_error/i],
];

function byStatus(status: number): ErrorType | undefined {
  if (status === 401) return "authentication";
  if (status === 403) return "permission";
  if (status === 404) return "not_found";
  if (status === 408 || status === 504) return "timeout";
  if (status === 429) return "rate_limit";
  if (status === 499) return "cancelled";
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500) return "server_error";
  return status >= 400 ? "invalid_request" : undefined;
}
