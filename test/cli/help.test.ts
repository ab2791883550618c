import { join } from "node:path";
import type { Command } from "commander";
import { makeProgram } from "../../cli/program.js";
import { readTree, updating, writeTree } from "../support/golden.js";

const golden = join(import.meta.dirname, "..", "golden", "help");

/** Every command's help in 80 columns, by the words that lead to it. */
function helpTexts(command: Command, path: string[] = ["obs"]): Record<string, string> {
  let text = "";
  command.configureOutput({
    writeOut: (chunk) => {
      text += chunk;
    },
    getOutHelpWidth: () => 80,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return Object.assign(
    { [`${path.join(" ")}.txt`]: text },
    ...command.commands.map((child) => helpTexts(child, [...path, child.name()])),
  );
}

test("the help of every command reads as its golden file", () => {
  const texts = helpTexts(makeProgram("0.0.0"));
  if (updating) writeTree(golden, texts);
  expect(texts).toEqual(readTree(golden));
});

test("every command that does something shows an example", () => {
  const without = Object.entries(helpTexts(makeProgram("0.0.0")))
    .filter(([, text]) => !/\[command\]|<command>/.test(text.split("\n")[0]!))
    .filter(([, text]) => !/\nExamples:\n {2}\S/.test(text));
  expect(without).toEqual([]);
});
