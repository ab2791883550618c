import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

const id = "tls-certificate";
const day = 24 * 60 * 60 * 1000;
/** Half of what is left of a 90-day certificate when certificate managers renew it. */
const soon = 15 * day;

type Fault = Pick<Problem, "what" | "why" | "next"> & {
  severity: Problem["severity"];
  at?: "certificate" | "key";
};

/** The certificate and the key of the OTLP ports: each is one, both belong together, and clients will take them. */
export const tlsCertificate: Check = {
  id,
  async run(context) {
    const { tls } = context.input.stack.otlp;
    if (!tls) return [];
    const [certificate, key] = await Promise.all(
      // A file that isn't there is found by the check missing-project-file.
      [tls.certificate, tls.key].map((path) =>
        readFile(resolve(context.input.project.root, path), "utf8").catch(() => undefined),
      ),
    );
    if (certificate === undefined || key === undefined) return [];
    const faults = await certificateFaults({ certificate, key, names: tls }, Date.now());
    return faults.map(
      ({ at, ...fault }): Problem => ({
        id,
        ...fault,
        place: atKey(context, at ? `otlp.tls.${at}` : "otlp.tls"),
      }),
    );
  },
};

interface Pair {
  /** PEM. */
  certificate: string;
  key: string;
  /** Paths as the user wrote them. */
  names: { certificate: string; key: string };
}

const isCertificate = (pem: string) => /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem);
const isKey = (pem: string) => /-----BEGIN (?:\w+ )*PRIVATE KEY-----/.test(pem);

/** What is wrong with a certificate and its key at a time, in milliseconds since 1970. */
export async function certificateFaults({ certificate, key, names }: Pair, now: number): Promise<Fault[]> {
  const why = "The collector does not start with it.";
  const swapped = isKey(certificate) && !isCertificate(certificate) && isCertificate(key) && !isKey(key);
  if (swapped)
    return [
      {
        severity: "error",
        what: `${names.certificate} holds the key, and ${names.key} the certificate.`,
        why,
        next: "Swap the two paths.",
      },
    ];
  const { X509Certificate, createPrivateKey } = await import("node:crypto");
  const leaf = attempt(() => new X509Certificate(certificate));
  const secret = attempt(() => createPrivateKey(key));
  const faults: Fault[] = [];
  if (!leaf)
    faults.push({
      severity: "error",
      what: `${names.certificate} ${isCertificate(certificate) ? "is damaged" : "holds no certificate"}.`,
      why,
      next: "Put the certificate there in PEM form, `-----BEGIN CERTIFICATE-----`, with those that signed it below.",
      at: "certificate",
    });
  if (!secret)
    faults.push({
      severity: "error",
      ...(/ENCRYPTED/.test(key)
        ? {
            what: `The key in ${names.key} is encrypted.`,
            next: "Decrypt it: openssl pkey -in key.pem -out plain.pem",
          }
        : {
            what: `${names.key} ${isKey(key) ? "is damaged" : "holds no private key"}.`,
            next: "Put the key there in PEM form, `-----BEGIN PRIVATE KEY-----`.",
          }),
      why,
      at: "key",
    });
  if (!leaf || !secret) return faults;
  if (!leaf.checkPrivateKey(secret))
    faults.push({
      severity: "error",
      what: `The key in ${names.key} does not belong to the certificate in ${names.certificate}.`,
      why: "The collector does not start with them. Where one file holds several certificates, the first must be its own.",
      next: "Take the key that the certificate was asked for with.",
      at: "key",
    });
  return [...faults, ...doubtsOf(leaf, names, now)];
}

function doubtsOf(leaf: import("node:crypto").X509Certificate, names: Pair["names"], now: number): Fault[] {
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  const on = (time: number) => new Date(time).toISOString().slice(0, 10);
  const why = "Applications refuse the connection and lose what they would send.";
  const doubts: Fault[] = [];
  if (to <= now)
    doubts.push({
      severity: "error",
      what: `The certificate in ${names.certificate} expired on ${on(to)}.`,
      why,
      next: "Renew it.",
      at: "certificate",
    });
  else if (from > now)
    doubts.push({
      severity: "error",
      what: `The certificate in ${names.certificate} is not valid before ${on(from)}.`,
      why,
      next: "Wait, ask for another one, or mend this machine's clock.",
      at: "certificate",
    });
  else if (to - now < soon && to - from >= soon)
    doubts.push({
      severity: "warning",
      what: `The certificate in ${names.certificate} expires on ${on(to)}.`,
      why,
      next: "Renew it, and run obs up again.",
      at: "certificate",
    });
  if (leaf.subjectAltName === undefined)
    doubts.push({
      severity: "warning",
      what: `The certificate in ${names.certificate} names no host.`,
      why: "Clients look at its subject alternative names alone, whatever its common name says, and refuse it.",
      next: "Ask for one with the names and addresses that applications send to.",
      at: "certificate",
    });
  return doubts;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
