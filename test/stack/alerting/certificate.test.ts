import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../stack/package-root.js";
import { checkPlan, planStack } from "../../../stack/plan.js";
import { withProject } from "../../support/temporary-project.js";

const text = (name: string) => readFileSync(join(packageRoot, "test", "support", "tls", name), "utf8");
const certificate = text("certificate.pem");

/** Rules of a stack whose certificate this is, by file; and what `obs validate` says about rules. */
async function planned(pem: string | undefined, packs = "stackPack()") {
  const tls = pem !== undefined && 'otlp: { tls: { certificate: "tls/cert.pem", key: "tls/key.pem" } },';
  const files = {
    "obs.config.ts": `import { defineStack } from "obs-stack";
import { hostPack, stackPack } from "obs-stack/alerts";
export default defineStack({ name: "shop", ${tls || ""} alerting: { packs: [${packs}] } });
void [hostPack, stackPack];`,
    ...(pem !== undefined && { "tls/cert.pem": pem, "tls/key.pem": text("key.pem") }),
  };
  let rules: Record<string, string> = {};
  let found: string[] = [];
  await withProject(files, async ({ project }) => {
    const plan = await planStack(project, "compose");
    rules = Object.fromEntries(
      plan.rendered.artefacts
        .filter(({ path }) => path.startsWith("prometheus/rules/"))
        .map(({ path, text }) => [path.slice("prometheus/rules/".length), text]),
    );
    const { problems } = await checkPlan(plan, {
      missingSecrets: "warning",
      signal: AbortSignal.timeout(60_000),
    });
    found = problems.map(({ id }) => id).filter((id) => id !== "tls-certificate");
  });
  return { rules, found };
}

test("Prometheus is told when the certificate ends, and alerts look at it", async () => {
  const { rules, found } = await planned(certificate);
  const end = Date.parse(new X509Certificate(certificate).validTo) / 1000;
  expect(rules["pack-otlp-certificate.yml"]).toContain(`expr: vector(${end})`);
  expect(rules["pack-stack.yml"]).toContain("alert: StackCertificateAlmostExpired");
  expect(rules["pack-stack.yml"]).toContain("alert: StackCertificateExpiring");
  expect(found).toEqual([]);
});

test.each([
  ["without TLS", undefined, "stackPack()"],
  ["with a file that holds no certificate", "-----BEGIN", "stackPack()"],
  ["without alerts that ask for it", certificate, "hostPack()"],
])("%s there is no such rule, and no such alert", async (_, pem, packs) => {
  const { rules } = await planned(pem, packs);
  expect(rules["pack-otlp-certificate.yml"]).toBeUndefined();
  expect(Object.values(rules).join()).not.toContain("StackCertificate");
});
