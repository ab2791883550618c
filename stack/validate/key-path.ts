/**
 * A path of keys as people write it: `scrapeJobs[0].static[1]`, `overrides.otel-collector`. A key that holds a dot,
 * a bracket or a space is quoted: `overrides.grafana["auth.anonymous"]`.
 */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w$-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
