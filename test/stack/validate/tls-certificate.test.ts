import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { certificateFaults } from "../../../stack/validate/checks/tls-certificate.js";

const pem = (name: string) => readFileSync(new URL(`../../broken/base/tls/${name}`, import.meta.url), "utf8");
const certificate = pem("certificate.pem");
const key = pem("key.pem");
const names = { certificate: "c.pem", key: "k.pem" };
const from = Date.parse(new X509Certificate(certificate).validFrom);
const to = Date.parse(new X509Certificate(certificate).validTo);
const day = 24 * 60 * 60 * 1000;

/** The faults, each with what it is about. */
async function told(pair: { certificate?: string; key?: string }, now = from + day): Promise<string[]> {
  const faults = await certificateFaults({ certificate, key, ...pair, names }, now);
  return faults.map(({ severity, what, at }) => `${severity} ${at ?? "both"}: ${what}`);
}

test("a certificate with its key is fine, and may be followed by those that signed it", async () => {
  expect(await told({})).toEqual([]);
  expect(await told({ certificate: `${certificate}${certificate}` })).toEqual([]);
});

test("a certificate that is damaged, swapped, or of another key is told apart", async () => {
  const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  expect(await told({ certificate: key, key: certificate })).toEqual([
    "error both: c.pem holds the key, and k.pem the certificate.",
  ]);
  expect(await told({ certificate: key })).toEqual(["error certificate: c.pem holds no certificate."]);
  expect(await told({ key: certificate })).toEqual(["error key: k.pem holds no private key."]);
  expect(await told({ certificate: certificate.replace(/.{40}/, "x") })).toEqual([
    "error certificate: c.pem is damaged.",
  ]);
  expect(await told({ certificate: "", key: "" })).toHaveLength(2);
  expect(await told({ key: other.export({ type: "pkcs8", format: "pem" }).toString() })).toEqual([
    "error key: The key in k.pem does not belong to the certificate in c.pem.",
  ]);
  const encrypted = other.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
  expect(await told({ key: encrypted.toString() })).toEqual(["error key: The key in k.pem is encrypted."]);
});

test("a certificate is valid from one time to another, and soon no longer", async () => {
  expect(await told({}, from - day)).toEqual([
    expect.stringMatching(/^error certificate: .* is not valid before /),
  ]);
  expect(await told({}, to - 20 * day)).toEqual([]);
  expect(await told({}, to - 10 * day)).toEqual([
    expect.stringMatching(/^warning certificate: .* expires on /),
  ]);
  expect(await told({}, to + day)).toEqual([expect.stringMatching(/^error certificate: .* expired on /)]);
});
