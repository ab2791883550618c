// Measures the figures that obs promises and prints them with the machine they were measured on. Timings depend on the
// machine and on what else it does: nothing here is a test, and the exit code says only whether it could run.
import { Command, InvalidArgumentError, Option } from "commander";
import { withBench } from "./bench/context.js";
import { figures } from "./bench/figures.js";
import { thisMachine } from "./bench/machine.js";
import { formatReport, type Row, rowOf } from "./bench/report.js";

const program = new Command("bench")
  .description("Measures the figures that obs promises.")
  .addOption(new Option("--only <figure>", "measure just this one").choices(figures.map(({ id }) => id)))
  .option("--runs <count>", "runs of each figure", positive, 5)
  .option("--json", "print JSON instead of a table")
  .parse();
const { only, runs, json } = program.opts<{ only?: string; runs: number; json?: boolean }>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const rows = await withBench({ runs, say }, async (bench) => {
  const done: Row[] = [];
  for (const figure of figures.filter(({ id }) => only === undefined || id === only)) {
    say(`${figure.id}: ${figure.title}`);
    done.push(rowOf(figure, await figure.measure(bench)));
  }
  return done;
});
const machine = thisMachine();
console.log(json ? JSON.stringify({ machine, figures: rows }, null, 2) : formatReport(machine, rows));

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Use a whole number from 1 on.");
  return value;
}
