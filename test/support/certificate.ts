import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A certificate for 127.0.0.1 and localhost that signs itself, and its key; both PEM, valid for a day. */
export async function selfSigned(): Promise<{ certificate: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), "obs-certificate-"));
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  try {
    await execa("openssl", [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
      ],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ...["-keyout", key, "-out", certificate],
    ]);
    return { certificate: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
