import { defineRules, type RulePack, record } from "./define-rules.js";
import type { PackContext } from "./render-pack.js";

/** When the certificate of `otlp.tls` ends, in seconds since 1970. No program of the stack exports that. */
export const certificateExpiry = "stack:tls_certificate_expiry:timestamp_seconds";

/** The rule that tells Prometheus when the certificate ends, where there is one and rules of a pack ask for it. */
export function certificateRules({ stack, facts }: PackContext): RulePack | undefined {
  const { certificate } = facts;
  const asked = stack.alerting.packs.some(({ groups }) =>
    groups.some(({ rules }) => rules.some(({ expr }) => expr.includes(certificateExpiry))),
  );
  if (!certificate || !asked) return undefined;
  return defineRules({
    name: "otlp-certificate",
    owner: "platform",
    groups: [
      {
        name: "otlp-certificate",
        rules: [record(certificateExpiry, { expr: `vector(${certificate.notAfterSeconds})` })],
      },
    ],
  });
}
