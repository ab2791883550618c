import type { RenderInput } from "../render/render.js";
import type { RuleFile } from "../rules/model.js";

const known = new WeakMap<RenderInput, Promise<readonly RuleFile[]>>();

/** The rule files of the project as the checks read them; read once for all checks of a run. */
export function ruleFilesOf(input: RenderInput): Promise<readonly RuleFile[]> {
  let files = known.get(input);
  if (!files) {
    files = read(input);
    known.set(input, files);
  }
  return files;
}

async function read({ project, ruleFiles }: RenderInput): Promise<readonly RuleFile[]> {
  if (ruleFiles.length === 0) return [];
  const [{ readRuleFile }, { ruleSources }] = await Promise.all([
    import("../rules/read.js"),
    import("../rules/project-rules.js"),
  ]);
  return ruleSources(project.root, ruleFiles).map(readRuleFile);
}
