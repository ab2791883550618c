import type { PreviewProblem, State } from "../../dashboards/preview/api.js";
import type { LedgerSettings } from "../../llm/costs/ledger.js";
import { packRuleFiles } from "../alerting/pack-files.js";
import { runbooksUrl } from "../alerting/runbooks.js";
import type { Stack } from "../define.js";
import { decideFacts } from "../facts.js";
import { loadDefinition } from "../load.js";
import type { Project } from "../project.js";
import { withRunbooks } from "../services/grafana.js";
import { dashboardChecks } from "../validate/checks.js";
import type { Json } from "../validate/dashboards/dashboard.js";
import { ProblemError, sortProblems } from "../validate/problem.js";
import { checkContext } from "../validate/validate.js";
import { placed } from "./placed.js";
import { type Store, storesOf } from "./stores.js";

/** What the preview shows of a definition. Plain data: it crosses from one thread to another. */
export interface Generated {
  stack: string;
  /** One a UID, in the order of the definition. */
  dashboards: { shown: State["dashboards"][number]; json: string }[];
  runbooks: string;
  stores: Store[];
  /** What it takes to reach the ledger. */
  ledger: LedgerSettings;
}

/** What came of reading a definition: its dashboards, or why there are none; and what was found in either case. */
export interface Reading {
  generated?: Generated;
  problems: PreviewProblem[];
}

/**
 * Reads the definition of a project and generates and checks its dashboards, nothing else. `others`: those that stand in
 * for the definition's own.
 */
export async function generateDashboards(
  project: Project,
  runtime: "compose" | "native",
  others?: Stack["dashboards"],
): Promise<Reading> {
  try {
    const { stack: defined, ruleFiles, templates, problems } = await loadDefinition(project);
    const stack = others ? { ...defined, dashboards: others } : defined;
    const facts = await decideFacts(stack, project, runtime);
    const input = {
      project,
      stack,
      ruleFiles: [...ruleFiles, ...packRuleFiles({ stack, facts }, ruleFiles)],
      templates,
      facts,
      runtime,
    };
    // The preview stands in for Grafana: what would be wrong there is wrong here.
    const rendered = {
      facts: { ...facts, grafana: { present: true, why: "previewed" } },
      artefacts: [],
      plans: [],
    };
    const context = await checkContext({ input, rendered });
    const found = (await Promise.all(dashboardChecks.map((check) => check.run(context)))).flat();
    const json = stack.dashboards as readonly object[] as readonly Json[];
    return {
      generated: {
        stack: stack.name,
        dashboards: firstOfEach(stack.dashboards).map((dashboard) => ({
          shown: shown(dashboard),
          json: JSON.stringify(withRunbooks(dashboard, stack)),
        })),
        runbooks: `${runbooksUrl(stack)}/`,
        stores: storesOf(stack, facts),
        ledger: { llm: { ledger: stack.llm.ledger }, ports: stack.ports, bind: stack.bind },
      },
      problems: sortProblems([...problems, ...found]).map((problem) => placed(problem, json)),
    };
  } catch (error) {
    if (error instanceof ProblemError) return { problems: sortProblems(error.problems) };
    throw error;
  }
}

function shown(dashboard: Stack["dashboards"][number]): State["dashboards"][number] {
  const { uid, title, description, tags } = dashboard;
  return {
    uid,
    title,
    ...(typeof description === "string" && { description }),
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
  };
}

/** Of dashboards with one UID the first: what becomes of the others is a finding. */
function firstOfEach(dashboards: Stack["dashboards"]): Stack["dashboards"] {
  return dashboards.filter(({ uid }, at) => dashboards.findIndex((each) => each.uid === uid) === at);
}
