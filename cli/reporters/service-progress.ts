import pc from "picocolors";
import type { RuntimeEvent } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import type { Context } from "../context.js";
import { type Outcome, ServiceRow } from "./service-row.js";

type OnEvent = (event: RuntimeEvent) => void;

/**
 * Does the work and shows how each service is getting on: a list that is redrawn in a terminal, else a line for each
 * that has come to an end, on stderr. `names` are the services that it will be about.
 */
export function showServices<T>(
  names: readonly ServiceName[],
  context: Context,
  work: (onEvent: OnEvent) => Promise<T>,
): Promise<T> {
  return context.interactive && names.length > 0 ? showLive(names, context, work) : showLines(context, work);
}

/** Width of the longest name of a service. */
const nameWidth = 14;

async function showLines<T>(context: Context, work: (onEvent: OnEvent) => Promise<T>): Promise<T> {
  const colors = pc.createColors(context.color.stderr);
  const marks: Record<Outcome, string> = {
    done: colors.green("✔"),
    failed: colors.red("✖"),
    "taken-back": colors.yellow("←"),
    open: "…",
  };
  const rows = new Map<ServiceName, ServiceRow>();
  const printed = new Map<ServiceName, string>();
  const print = (row: ServiceRow) => {
    if (row.outcome === "open" || printed.get(row.name) === row.outcome) return;
    printed.set(row.name, row.outcome);
    context.note(`${marks[row.outcome]} ${row.text()}`);
  };
  const result = await work((event) => {
    const row = rows.get(event.service) ?? new ServiceRow(event.service, nameWidth, colors);
    rows.set(event.service, row);
    row.see(event);
    print(row);
  });
  for (const row of rows.values()) {
    row.close();
    print(row);
  }
  return result;
}

async function showLive<T>(
  names: readonly ServiceName[],
  context: Context,
  work: (onEvent: OnEvent) => Promise<T>,
): Promise<T> {
  const { Listr, ListrTaskState } = await import("listr2");
  const colors = pc.createColors(context.color.stdout);
  const lines = names.map((name) => new LiveLine(new ServiceRow(name, nameWidth, colors)));
  const list = new Listr(
    lines.map((line) => ({
      title: line.row.text(),
      task: async (_, task) => {
        line.draw = () => {
          task.title = line.row.text();
          if (line.row.outcome === "taken-back") task.task.state$ = ListrTaskState.ROLLED_BACK;
        };
        await line.ended;
        line.draw();
        if (line.row.outcome === "failed") throw new Error(line.row.text());
        if (line.row.outcome === "open") task.skip(line.row.text());
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
    return await work((event) => lines.find(({ row }) => row.name === event.service)?.see(event));
  } finally {
    for (const line of lines) line.end();
    await drawing;
  }
}

/** A row of the list on the screen. Listr2 gives a tick to what has ended; what isn't ready yet must not end. */
class LiveLine {
  draw: () => void = () => {};
  readonly ended: Promise<void>;
  private resolve!: () => void;

  constructor(readonly row: ServiceRow) {
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  see(event: RuntimeEvent): void {
    this.row.see(event);
    this.draw();
    if (event.phase === "ready" || event.phase === "unchanged") this.resolve();
  }

  end(): void {
    this.row.close();
    this.resolve();
  }
}
