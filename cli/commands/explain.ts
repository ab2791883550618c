import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("explain")
    .helpGroup(groups.check)
    .summary("say what a finding means, and what to do about it")
    .description(
      "Prints the page about a finding: what it is, why it matters, how to mend it. Every finding names its check in " +
        "square brackets. Without one, lists all there are.",
    )
    .argument("[check]", "id of a check")
    .addHelpText(
      "after",
      examples([
        ["obs explain duplicate-rule", "what does [duplicate-rule] mean?"],
        ["obs explain", "which findings are there?"],
      ]),
    )
    .action(
      action(async (context, _options: object, id?: string) => {
        const { checkPage, explainedIds } = await import("../../stack/explain.js");
        if (id === undefined) {
          const ids = explainedIds();
          const width = Math.max(...ids.map((each) => each.length));
          for (const each of ids) context.print(`${each.padEnd(width)}  ${checkPage(each)!.summary}`);
          return 0;
        }
        const page = checkPage(id);
        if (page) {
          context.print(page.text.trimEnd());
          return 0;
        }
        const { didYouMean } = await import("../../stack/validate/suggest.js");
        const meant = didYouMean(id, explainedIds());
        await context.report([
          {
            id: "unknown-check",
            severity: "error",
            what: `There is no check "${id}".`,
            next: meant ? `Did you mean "${meant}"?` : "`obs explain` lists all of them.",
          },
        ]);
        return 2;
      }),
    );
}
