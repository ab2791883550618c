import type { StackInput } from "../../stack/define.js";

/** An `obs.config.ts` with a definition and a typed pack: TypeScript that declares `pack`, with what it uses imported. */
export function packConfig(definition: StackInput, pack: string): string {
  return `import { alert, defineRules, defineStack, record } from "obs-stack";
${pack}
const definition = ${JSON.stringify(definition, null, 2)};
export default defineStack({ ...definition, alerting: { packs: [pack] } });
`;
}
