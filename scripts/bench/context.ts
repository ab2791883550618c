import { execa } from "execa";
import type { StackStatus } from "../../stack/runtime/runtime.js";
import { makeTestStack, removeTestStack, type TestStack } from "../../test/support/with-stack.js";

/** What figures share: how often to measure, and one native stack that is made when it is first asked for. */
export interface Bench {
  /** Runs per figure. */
  runs: number;
  /** A line about what is going on. */
  say(line: string): void;
  /** A project with ports of its own; not necessarily up. */
  project(): Promise<TestStack>;
  /** The project's stack, up and ready natively; a first `up` has built and cached every program. */
  running(): Promise<TestStack>;
}

/** Hands a bench to `use`, and stops and removes its stack in every case. */
export async function withBench<T>(
  { runs, say }: Pick<Bench, "runs" | "say">,
  use: (bench: Bench) => Promise<T>,
): Promise<T> {
  let stack: TestStack | undefined;
  const project = async () => {
    // The reference stack's collector, sampling and stores: all at their defaults.
    stack ??= await makeTestStack({});
    return stack;
  };
  const running = async () => {
    const made = await project();
    await made.ok(["up", "--runtime", "native"], { timeoutMs: 3_600_000 });
    return made;
  };
  const interrupted = async () => {
    if (stack) await removeTestStack(stack, true);
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    return await use({ runs, say, project, running });
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    if (stack) await removeTestStack(stack);
  }
}

/** How long a command takes from its start to its end, in ms; it must succeed. */
export async function timed(command: string, args: string[], cwd: string): Promise<number> {
  const begun = performance.now();
  await execa(command, args, { cwd, stdin: "ignore", env: { NO_COLOR: "1", CI: "1" } });
  return performance.now() - begun;
}

/** Process ids of the running stack's programs, by service. */
export async function programPids(stack: TestStack): Promise<Map<string, number>> {
  const { services } = await stack.json<StackStatus>(["status"]);
  return new Map(services.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const])));
}
