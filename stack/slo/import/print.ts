import { plainNumber } from "../numbers.js";
import type { ImportedSlo } from "./imported.js";
import type { QueryParts } from "./query.js";

/** TypeScript that declares SLOs with `slo()`. `sources`: where they come from, for the reader. */
export function printSlos(name: string, slos: readonly ImportedSlo[], sources: readonly string[]): string {
  return `import { slo } from "obs-stack";

// Imported by \`obs slo import\` from ${sources.join(", ")}.
export const ${name} = [
${slos.map(printSlo).join("\n")}
];
`;
}

function printSlo({
  service,
  name,
  objective,
  window,
  owner,
  description,
  indicator,
  without,
}: ImportedSlo): string {
  const lines = [
    `service: ${JSON.stringify(service)},`,
    `name: ${JSON.stringify(name)},`,
    `objective: ${plainNumber(objective)},`,
    ...(window === undefined ? [] : [`window: ${JSON.stringify(window)},`]),
    `owner: ${JSON.stringify(owner)},`,
    `description: ${JSON.stringify(description)},`,
    "indicator: {",
    ...Object.entries(indicator).map(([key, parts]) => `  ${key}: (window) => ${template(parts)},`),
    "},",
    ...(without.length > 0 ? [`alerts: { ${without.map((kind) => `${kind}: []`).join(", ")} },`] : []),
  ];
  return ["  slo({", ...lines.map((line) => `    ${line}`), "  }),"].join("\n");
}

/** A template literal with `${window}` in the holes. */
function template(parts: QueryParts): string {
  const escaped = parts.map((part) => part.replaceAll(/[\\`]|\$(?=\{)/g, "\\$&"));
  return `\`${escaped.join("${window}")}\``;
}
