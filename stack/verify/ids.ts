import { randomBytes } from "node:crypto";

/** What ties together everything that one `obs verify` sends. All hex, fresh, never all zero. */
export interface VerifyIds {
  /** In labels and bodies: tells this run's data from all others'. */
  run: string;
  trace: string;
  rootSpan: string;
  childSpan: string;
}

/** Fresh ids of the lengths that OpenTelemetry prescribes. */
export function freshIds(): VerifyIds {
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  return { run: hex(8), trace: hex(16), rootSpan: hex(8), childSpan: hex(8) };
}
