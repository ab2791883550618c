import type { TestStack } from "../../test/support/with-stack.js";
import type { Bench } from "./context.js";

/** Brings the bench's stack up with all packs, and hands a way to edit the options of the service pack to `use`; leaves the definition as it was. */
export async function withPacks<T>(
  { project }: Bench,
  use: (stack: TestStack, edit: (service: object) => Promise<void>) => Promise<T>,
): Promise<T> {
  const stack = await project();
  const edit = (service: object) =>
    stack.write(
      "obs.config.ts",
      `import { defineStack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";

export default defineStack({
  ...${JSON.stringify(stack.definition)},
  alerting: { packs: [llmPack(), servicePack(${JSON.stringify(service)}), hostPack(), stackPack()] },
});
`,
    );
  try {
    await edit({});
    await stack.ok(["up", "--runtime", "native"], { timeoutMs: 3_600_000 });
    return await use(stack, edit);
  } finally {
    await stack.define({});
  }
}
