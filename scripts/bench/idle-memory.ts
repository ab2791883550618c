import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { processesOf } from "../../test/support/processes.js";
import type { Figure } from "./figure.js";

/** How long (ms) the stack is left alone before and between measurements: several scrapes, and a garbage collection. */
const rest = 20_000;

/** Memory of everything that the native stack runs, its supervisor included; shared pages count once (PSS). */
export const idleMemory: Figure = {
  id: "memory",
  title: "idle memory of the native stack",
  unit: "MiB",
  must: { atMost: 600 },
  async measure({ runs, running, say }) {
    const stack = await running();
    await stack.ok(["down", "--volumes"]);
    await stack.ok(["up", "--runtime", "native"]);
    // It has worked once: a stack that never saw data would look smaller than any that is used.
    await stack.ok(["verify"]);
    const values: number[] = [];
    let note = "";
    for (let run = 0; run < runs; run++) {
      say(`idle memory: resting ${rest / 1000} s`);
      await delay(rest);
      const parts = processesOf(stack.folder).map(({ pid, command }) => ({
        name: command.split(" ")[0]!.split("/").at(-1)!,
        mib: pssKib(pid) / 1024,
      }));
      values.push(parts.reduce((sum, { mib }) => sum + mib, 0));
      note = parts.map(({ name, mib }) => `${name} ${mib.toFixed(0)}`).join(", ");
    }
    return { values, note };
  },
};

function pssKib(pid: number): number {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
  if (kib === undefined) throw new Error(`no PSS of process ${pid}`);
  return Number(kib);
}
