import type { Place } from "../../stack/validate/problem.js";

/** `alerts/llm.yml:12:5`, or `obs.config.ts › ports.grafana` where a key path is all there is. */
export function placeText({ file, line, column, keyPath }: Place): string {
  const position = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined);
  return position.join(":") + (keyPath ? ` › ${keyPath}` : "");
}
