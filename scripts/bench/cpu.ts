import { readFileSync } from "node:fs";
import { execa } from "execa";

/** Seconds of processor time that a process has used so far, its own and the kernel's for it. */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the name in parentheses, which may hold spaces: utime and stime are the 14th and 15th field of the line.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / (await ticksPerSecond());
}

let ticks: Promise<number> | undefined;
function ticksPerSecond(): Promise<number> {
  ticks ??= execa("getconf", ["CLK_TCK"]).then(({ stdout }) => Number(stdout));
  return ticks;
}
