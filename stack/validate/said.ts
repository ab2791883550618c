import type { Problem } from "./problem.js";

/**
 * Checks of obs whose errors a program reports, too: only the first that it comes upon, and seldom in its place. What obs
 * says comes with the place and the next step, so that is what is shown.
 */
const alsoFoundBy: Readonly<Record<string, readonly string[]>> = {
  "amtool-check-config": [
    ...["unknown-receiver", "route-matcher", "inhibition", "time-interval", "reserved-name"],
    ...["unknown-template", "override-secret"],
  ],
  "promtool-check-config": ["duplicate-scrape-job", "scrape-timeout", "override-secret"],
  "otelcol-validate": [
    ...["collector-components", "sampling-policies", "redact-pattern", "memory-limit"],
    "override-secret",
  ],
  "loki-verify-config": ["override-secret"],
  "compose-config": ["override-secret"],
};

/** The collector's start ends at the first of what these have found, whatever words it has for it. */
const endsTheStart: readonly string[] = [
  ...["collector-components", "collector-port-clash", "sampling-policies", "memory-limit"],
  ...["tls-certificate", "missing-project-file"],
];

/** What the programs found, without what a check of obs has said already, in the user's own place. */
export function withoutSaid(found: readonly Problem[], own: readonly Problem[]): Problem[] {
  const errors = own.filter(({ severity }) => severity === "error");
  return found.filter((finding) => {
    if (finding.id === "otelcol-start") return !errors.some(({ id }) => endsTheStart.includes(id));
    const checks = alsoFoundBy[finding.id] ?? [];
    return !errors.some((error) => checks.includes(error.id) && isSame(finding, error));
  });
}

/** Whether both are about one thing by its name, or one place. */
function isSame({ output = [], place }: Problem, own: Problem): boolean {
  return (
    output.some((line) => subjects(line).some((each) => own.what.includes(each))) ||
    liesIn(place?.keyPath, own.place?.keyPath)
  );
}

/** Whether one key path is part of the other. Those of whole sections say too little: three keys at least. */
function liesIn(one = "", other = ""): boolean {
  const [outer, inner] = one.length < other.length ? [one, other] : [other, one];
  const keys = outer.match(/\.|\[/g)?.length ?? 0;
  return keys >= 2 && inner.startsWith(outer) && /^(?:$|[.[])/.test(inner.slice(outer.length));
}

/** What a line is about: names in quotes, what follows the last colon, a regular expression. */
function subjects(line: string): string[] {
  const regexp = /`\^\(\?:(.*)\)\$`/.exec(line)?.[1];
  const last = /: ([^:]+)$/.exec(line)?.[1];
  return [
    ...[...line.matchAll(/"([^"]+)"/g)].map(([quoted]) => quoted),
    ...(regexp ? [JSON.stringify(regexp)] : []),
    // A word alone may stand anywhere.
    ...(last && /[^\w\s-]/.test(last) ? [last.trim()] : []),
  ];
}
