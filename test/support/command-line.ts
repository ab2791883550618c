import { makeProgram } from "../../cli/program.js";
import { formatProblems } from "../../cli/reporters/text.js";
import { problemsOf } from "../../cli/thrown.js";

/**
 * Runs a command line of obs in this process, in a folder; words are separated by spaces. Gives what it prints, stdout and
 * stderr in the order of writing, and its exit code.
 */
export async function runCommandLine(
  line: string,
  folder: string,
): Promise<{ output: string; exitCode: number }> {
  const before = { cwd: process.cwd(), color: process.env.NO_COLOR, exitCode: process.exitCode };
  const args = line.split(/\s+/);
  let output = "";
  const capture = (chunk: unknown) => {
    output += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    stream.write = capture as typeof stream.write;
    return () => {
      stream.write = write;
    };
  });
  const program = makeProgram("0.0.0");
  process.chdir(folder);
  process.env.NO_COLOR = "1";
  process.exitCode = 0;
  try {
    await program.parseAsync(args, { from: "user" });
    return { output, exitCode: Number(process.exitCode) };
  } catch (error) {
    const { problems, exitCode } = await problemsOf(error, args, program);
    output += formatProblems(problems, { color: false, width: 100, readFile: () => undefined });
    return { output, exitCode };
  } finally {
    for (const restore of spies) restore();
    process.chdir(before.cwd);
    process.exitCode = before.exitCode;
    if (before.color === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before.color;
  }
}
