/** What was sent is no OTLP: sending it again won't help. */
export class OtlpError extends Error {
  override name = "OtlpError";
}
