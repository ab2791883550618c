import { Argument, type Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("completion")
    .helpGroup(groups.tools)
    .summary("print the script that completes obs in your shell")
    .description(
      "Prints a script that teaches your shell to complete commands, options, service names and values.",
    )
    .addArgument(new Argument("<shell>", "your shell").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      examples([
        [`eval "$(obs completion bash)"`, "a line for ~/.bashrc"],
        ["source <(obs completion zsh)", "a line for ~/.zshrc, after compinit"],
        ["obs completion fish > ~/.config/fish/completions/obs.fish", "once, and after an update of obs"],
      ]),
    )
    .action(
      action(async (_context, _options, shell: "bash" | "zsh" | "fish") => {
        const { completionScript } = await import("../completion/script.js");
        process.stdout.write(completionScript(program, shell));
        return 0;
      }),
    );
}
