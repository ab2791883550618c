import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { completionScript } from "../../cli/completion/script.js";
import { makeProgram } from "../../cli/program.js";
import { withFolder } from "../support/temporary-folder.js";

const bash = completionScript(makeProgram("0.0.0"), "bash");

/** What bash would offer for the words of a command line, of which the last is being typed. */
async function offered(words: string[]): Promise<string[]> {
  return withFolder(async (folder) => {
    const script = join(folder, "obs.bash");
    await writeFile(
      script,
      `${bash}\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_obs\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
    );
    const { stdout } = await execa("bash", [script, ...words]);
    return stdout.split("\n").filter((line) => line !== "");
  });
}

test("bash accepts the script", async () => {
  await execa("bash", ["-n"], { input: bash });
});

test.each([
  ["the commands", ["obs", ""], ["init", "up", "logs", "toolchain"]],
  ["options of a command", ["obs", "up", "--"], ["--runtime", "--detach", "--json", "--config"]],
  ["values of an option", ["obs", "up", "--runtime", ""], ["compose", "native"]],
  ["services, more than one", ["obs", "logs", "loki", "pro"], ["prometheus"]],
  ["commands of a command", ["obs", "toolchain", ""], ["install", "status"]],
  ["names of programs", ["obs", "toolchain", "install", "otel"], ["otelcol"]],
  ["checks of rules", ["obs", "validate-rules", "--only", "duplicate-"], ["duplicate-key", "duplicate-rule"]],
  ["findings to explain", ["obs", "explain", "unknown-k"], ["unknown-key"]],
  ["shells", ["obs", "completion", ""], ["bash", "zsh", "fish"]],
])("bash is offered %s", async (_what, words, expected) => {
  expect(await offered(words)).toEqual(expect.arrayContaining(expected));
});

test("after an option that takes a file, bash is left to offer files", async () => {
  expect(await offered(["obs", "validate", "--config", ""])).toEqual([]);
});

test.each(["zsh", "fish"] as const)("the script for %s names every command and every option", (shell) => {
  const script = completionScript(makeProgram("0.0.0"), shell);
  for (const word of ["init", "validate", "toolchain", "runtime", "tail", "otel-collector"])
    expect(script).toContain(word);
});

test("a quote in a description doesn't end a word of the script", () => {
  const program = makeProgram("0.0.0");
  program.command("odd").description("what isn't quoted");
  expect(completionScript(program, "zsh")).toContain("'odd:what isn'\\''t quoted'");
  expect(completionScript(program, "fish")).toContain("'what isn\\'t quoted'");
});
