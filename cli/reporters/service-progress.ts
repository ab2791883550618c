import pc from "picocolors";
import type { Phase, RuntimeEvent } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import type { Context } from "../context.js";
import { tookText } from "./time-text.js";

type OnEvent = (event: RuntimeEvent) => void;

/**
 * Does the work and shows how each service is getting on: a list that is redrawn in a terminal, else a line for each
 * step worth one, on stderr. `names` are the services that it will be about.
 */
export function showServices<T>(
  names: readonly ServiceName[],
  context: Context,
  work: (onEvent: OnEvent) => Promise<T>,
): Promise<T> {
  return context.interactive && names.length > 0 ? showLive(names, context, work) : showLines(context, work);
}

const over: ReadonlySet<Phase> = new Set(["ready", "unchanged", "stopped", "failed"]);

/** What is being done with a service, and once it is done, what was. */
const words: Record<Phase, string> = {
  unchanged: "unchanged",
  preparing: "preparing",
  starting: "starting",
  reloading: "reloading",
  restarting: "restarting",
  waiting: "waiting until it is ready",
  ready: "ready",
  stopping: "stopping",
  stopped: "stopped",
  failed: "failed",
};
const done: { [phase in Phase]?: string } = {
  starting: "started",
  reloading: "reloaded",
  restarting: "restarted",
};

function marks(colors: ReturnType<typeof pc.createColors>): { [phase in Phase]?: string } {
  return { failed: colors.red("✖"), stopped: colors.dim("○") };
}

/** One service's way through a request. */
class Row {
  latest: RuntimeEvent | undefined;
  private action: string | undefined;
  private why: string | undefined;

  constructor(
    readonly name: ServiceName,
    private readonly width: number,
    private readonly colors: ReturnType<typeof pc.createColors>,
  ) {}

  see(event: RuntimeEvent): void {
    this.latest = event;
    const action = done[event.phase];
    if (action !== undefined) {
      this.action = action;
      this.why = event.detail;
    }
  }

  text(): string {
    const name = this.name.padEnd(this.width);
    if (!this.latest) return `${name}  ${this.colors.dim("waiting for its turn")}`;
    const { phase, ms, detail } = this.latest;
    const word = phase === "ready" && this.action ? this.action : words[phase];
    const why = phase === "ready" ? this.why : detail;
    const more = [...(why ? [why] : []), ...(over.has(phase) && phase !== "unchanged" ? [tookText(ms)] : [])];
    const paint = phase === "failed" ? this.colors.red : phase === "ready" ? this.colors.green : String;
    return `${name}  ${paint(word)}${more.length > 0 ? this.colors.dim(`  ${more.join(", ")}`) : ""}`;
  }
}

async function showLines<T>(context: Context, work: (onEvent: OnEvent) => Promise<T>): Promise<T> {
  const colors = pc.createColors(context.color.stderr);
  const rows = new Map<ServiceName, Row>();
  return work((event) => {
    const row = rows.get(event.service) ?? new Row(event.service, 15, colors);
    rows.set(event.service, row);
    row.see(event);
    if (!over.has(event.phase)) return;
    context.note(`${marks(colors)[event.phase] ?? colors.green("✔")} ${row.text()}`);
  });
}

async function showLive<T>(
  names: readonly ServiceName[],
  context: Context,
  work: (onEvent: OnEvent) => Promise<T>,
): Promise<T> {
  const { Listr, ListrTaskState } = await import("listr2");
  const colors = pc.createColors(context.color.stdout);
  const width = Math.max(...names.map((name) => name.length));
  const rows = names.map((name) => new LiveRow(new Row(name, width, colors)));
  const list = new Listr(
    rows.map((row) => ({
      title: row.text(),
      task: async (_, task) => {
        row.draw = (text, takenBack) => {
          task.title = text;
          if (takenBack) task.task.state$ = ListrTaskState.ROLLED_BACK;
        };
        const phase = await row.ended;
        task.title = row.text();
        if (phase === "failed") throw new Error(row.text());
        if (phase === undefined || !over.has(phase)) task.skip(row.text());
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      // Ctrl-C is told to the work, which decides what it means.
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false, collapseSkips: true, suffixSkips: false },
    },
  );
  const drawing = list.run();
  try {
    return await work((event) => rows.find(({ name }) => name === event.service)?.see(event));
  } finally {
    for (const row of rows) row.end();
    await drawing;
  }
}

/** A row of the list on the screen. */
class LiveRow {
  readonly name: ServiceName;
  /** Resolves, with the last phase, when nothing more is expected to happen to the service. */
  readonly ended: Promise<Phase | undefined>;
  draw: (text: string, takenBack: boolean) => void = () => {};
  private resolve!: (phase: Phase | undefined) => void;
  private isOver = false;

  constructor(private readonly row: Row) {
    this.name = row.name;
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  see(event: RuntimeEvent): void {
    this.row.see(event);
    // Whatever follows "ready" takes it back, because another service failed.
    this.draw(this.row.text(), this.isOver && event.phase !== "ready");
    if (event.phase === "ready" || event.phase === "unchanged") this.end();
  }

  end(): void {
    this.isOver = true;
    this.resolve(this.row.latest?.phase);
  }

  text(): string {
    return this.row.text();
  }
}
