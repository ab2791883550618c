import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("init")
    .helpGroup(groups.start)
    .summary("make a small, commented project")
    .description(
      "Makes a project: obs.config.ts, one alert, one dashboard, .env with random secrets, .gitignore, README.md and " +
        "a tsconfig.json for your editor. It never writes over a file; when one is there already, nothing is written.",
    )
    .argument("[dir]", "folder of the project; made where it doesn't exist", ".")
    .addHelpText(
      "after",
      examples([
        ["obs init", "in this folder"],
        ["obs init observability", "in a folder of a larger repository"],
      ]),
    )
    .action(
      action(async (context, _options, dir: string) => {
        const { initProject } = await import("../../stack/init/init.js");
        const { formatNewProject } = await import("../reporters/new-project.js");
        const { invocation } = await import("../invocation.js");
        const cwd = process.cwd();
        const project = await initProject(cwd, dir);
        context.print(formatNewProject(project, { cwd, obs: invocation(cwd), color: context.color.stdout }));
        return 0;
      }),
    );
}
