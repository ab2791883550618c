import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("generate")
    .helpGroup(groups.check)
    .summary("write docker-compose.yml and stack/generated")
    .description(
      "Writes docker-compose.yml and stack/generated/ from the definition: the files that are committed and that\n" +
        "`docker compose` reads. Only files that differ are touched; what is no longer needed is removed.",
    )
    .option("--check", "write nothing; exit 1 and show the difference when files are out of date (for CI)")
    .option("--json", "print the changes as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs generate", "after an edit of obs.config.ts, before a commit"],
        ["obs generate --check", "in CI: are the committed files what the definition gives?"],
      ]),
    )
    .action(
      action(async (context, { check = false, json = false }: { check?: boolean; json?: boolean }) => {
        const { planStack } = await import("../../stack/plan.js");
        const { compareGenerated, writeGenerated } = await import("../../stack/generate.js");
        const { formatChanges } = await import("../reporters/changes.js");
        const { hasErrors } = await import("../../stack/validate/problem.js");
        const project = await context.project();
        const { rendered, problems } = await planStack(project, "compose");
        if (hasErrors(problems)) {
          await context.report(problems);
          return 1;
        }
        const changes = await (check ? compareGenerated : writeGenerated)(project, rendered);
        if (json)
          context.print(
            JSON.stringify(
              changes.map(({ path, change }) => ({ path, change })),
              null,
              2,
            ),
          );
        else context.print(formatChanges(changes, { written: !check, color: context.color.stdout }));
        await context.report(problems);
        return check && changes.length > 0 ? 1 : 0;
      }),
    );
}
