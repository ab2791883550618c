import { createHash } from "node:crypto";
import { type Problem, type Severity, sortProblems } from "../../stack/validate/problem.js";

/** What SARIF tells about a kind of finding. */
export interface SarifRule {
  id: string;
  /** The first words of its page in docs/checks. */
  summary: string;
  /** Its page as Markdown. */
  help: string;
}

const levels: Record<Severity, "error" | "warning" | "note"> = {
  error: "error",
  warning: "warning",
  notice: "note",
};

/**
 * Findings as a SARIF log, which code hosts and editors read. `rules` says what is known of an id; ids without a page get
 * an entry of their own all the same. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(
  problems: readonly Problem[],
  options: { version: string; describe: (id: string) => Omit<SarifRule, "id"> | undefined },
): object {
  const sorted = sortProblems(problems);
  const fingerprints = fingerprintsOf(sorted);
  const ids = [...new Set(sorted.map(({ id }) => id))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "obs",
            version: options.version,
            rules: ids.map((id) => sarifRule(id, options.describe(id))),
          },
        },
        columnKind: "utf16CodeUnits",
        results: sorted.map((problem, at) => ({
          ...sarifResult(problem, ids.indexOf(problem.id)),
          partialFingerprints: { "obsFinding/v1": fingerprints[at] },
        })),
      },
    ],
  };
}

/** By which a finding is known again when lines above it have changed: everything but numbers, which may be lines. */
function fingerprintsOf(problems: readonly Problem[]): string[] {
  const seen = new Map<string, number>();
  return problems.map(({ id, what, place }) => {
    const about = JSON.stringify([id, place?.file, place?.keyPath, what.replace(/\d+/g, "")]);
    const before = seen.get(about) ?? 0;
    seen.set(about, before + 1);
    return createHash("sha256").update(`${about}${before}`).digest("hex").slice(0, 32);
  });
}

function sarifRule(id: string, about: Omit<SarifRule, "id"> | undefined): object {
  return {
    id,
    ...(about && {
      shortDescription: { text: about.summary },
      help: { text: about.help, markdown: about.help },
    }),
  };
}

function sarifResult({ id, severity, what, why, next, place }: Problem, ruleIndex: number): object {
  const text = [what, why, next].filter((part) => part !== undefined).join(" ");
  return {
    ruleId: id,
    ruleIndex,
    level: levels[severity],
    message: { text },
    ...(place && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(place.file) },
            ...(place.line !== undefined && {
              region: {
                startLine: place.line,
                ...(place.column !== undefined && { startColumn: place.column }),
              },
            }),
          },
          ...(place.keyPath && { logicalLocations: [{ fullyQualifiedName: place.keyPath }] }),
        },
      ],
    }),
  };
}

/** A relative reference for a relative path, a file URI for an absolute one. */
function uriOf(path: string): string {
  const slashes = path.replaceAll("\\", "/");
  const encoded = slashes
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3A", ":"))
    .join("/");
  if (slashes.startsWith("/")) return `file://${encoded}`;
  // A colon in the first segment would be taken for a scheme.
  return /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
}
