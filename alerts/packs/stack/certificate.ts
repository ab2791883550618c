import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";

/** Recorded from the certificate of `otlp.tls` by the stack itself, see stack/alerting/certificate-rules.ts. */
const expiry = "stack:tls_certificate_expiry:timestamp_seconds";
const day = 86_400;

/** The certificate of the OTLP ports: expired, no application gets rid of its telemetry. */
export function certificateAlerts(): RuleGroupInput["rules"] {
  const shared = {
    cause: "tls-certificate",
    summary: "The certificate of the OTLP ports expires in {{ $value | humanizeDuration }}",
  };
  return [
    alert("StackCertificateAlmostExpired", {
      ...shared,
      expr: `${expiry} - time() < ${3 * day}`,
      severity: "critical",
      description:
        "Once it has expired, applications refuse the connection and lose their telemetry. Renew it now, replace the file that `otlp.tls.certificate` names, run `obs up`.",
      cases: expiryCases(3, "critical"),
    }),
    alert("StackCertificateExpiring", {
      ...shared,
      expr: `${expiry} - time() < ${21 * day}`,
      severity: "warning",
      description:
        "Whatever renews it should have done so by now; then applications would refuse the connection. Renew it, replace the file that `otlp.tls.certificate` names, run `obs up`.",
      cases: expiryCases(21, "warning"),
    }),
  ];
}

/** In cases time begins at 0, in drills it is now: what is renewed lasts beyond both. */
function expiryCases(days: number, severity: string): AlertCase[] {
  const limit = days * day;
  const far = 10_000_000_000;
  return [
    {
      kind: "fires",
      name: `in ten minutes there are ${days} days left`,
      series: { [expiry]: `${limit + 600}x20` },
      firing: { "10m": false, "11m": [{ severity }], "20m": true },
    },
    { kind: "fires", name: "it has expired", series: { [expiry]: "600x20" }, firing: { "20m": true } },
    {
      kind: "quiet",
      name: "a little longer",
      series: { [expiry]: `${limit + 601}x20` },
      firing: { "10m": false },
    },
    {
      kind: "resolves",
      name: "it has been renewed",
      series: { [expiry]: `${limit}x10 ${far}x10` },
      firing: { "10m": true, "11m": false },
    },
    {
      kind: "no data",
      name: "the ports have no TLS any more",
      series: { [expiry]: `${limit}x10 stale` },
      firing: { "10m": true, "11m": false },
    },
  ];
}
