import { errorTypeOf } from "../../llm/error-type.js";

test.each<[string | null, number, string, string]>([
  ["RateLimitError", 429, "Rate limit reached for gpt-4o", "rate_limit"],
  ["429", Number.NaN, "", "rate_limit"],
  ["429", Number.NaN, "You exceeded your current quota, please check your plan", "quota_exceeded"],
  ["insufficient_quota", 429, "", "quota_exceeded"],
  ["BadRequestError", 400, "", "invalid_request"],
  ["400", Number.NaN, "This model's maximum context length is 128000 tokens", "context_length"],
  ["context_length_exceeded", 400, "", "context_length"],
  ["content_filter", 400, "", "content_filter"],
  ["AuthenticationError", 401, "", "authentication"],
  ["PermissionDeniedError", 403, "", "permission"],
  ["NotFoundError", 404, "", "not_found"],
  ["APIConnectionTimeoutError", Number.NaN, "", "timeout"],
  ["APIConnectionError", Number.NaN, "", "connection"],
  ["APIUserAbortError", Number.NaN, "", "cancelled"],
  ["overloaded_error", 529, "", "overloaded"],
  ["InternalServerError", 500, "", "server_error"],
  [null, 503, "", "overloaded"],
  [null, Number.NaN, "read ECONNRESET", "connection"],
  ["openai.RateLimitError", Number.NaN, "", "rate_limit"],
  ["com.example.Odd", Number.NaN, "", "other"],
  [null, Number.NaN, "", "other"],
])("%s with status %d and %j is of the kind %s", (own, status, message, kind) => {
  expect(errorTypeOf(own, status, message)).toBe(kind);
});
