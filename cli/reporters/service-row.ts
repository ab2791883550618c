import type pc from "picocolors";
import type { Phase, RuntimeEvent } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import { tookText } from "./time-text.js";

type Colors = ReturnType<typeof pc.createColors>;

/** How a service's way through a request came out so far; `open`: it is still on its way. */
export type Outcome = "open" | "done" | "taken-back" | "failed";

/** Phases after which nothing more is expected, unless another service fails and all is taken back. */
const over: ReadonlySet<Phase> = new Set(["ready", "unchanged", "stopped", "failed"]);

const doing: Record<Phase, string> = {
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
const done: { readonly [phase in Phase]?: string } = {
  starting: "started",
  reloading: "reloaded",
  restarting: "restarted",
};

/** One service's way through `up` or `down`, as a line that always tells the latest. */
export class ServiceRow {
  private latest: RuntimeEvent | undefined;
  /** What was done to it on the way to being ready, and why. */
  private change: { phase: Phase; why: string | undefined } | undefined;
  private failure: string | undefined;
  private wasReady = false;
  private closed = false;

  constructor(
    readonly name: ServiceName,
    private readonly width: number,
    private readonly colors: Colors,
  ) {}

  see(event: RuntimeEvent): void {
    this.wasReady ||= this.latest?.phase === "ready";
    this.latest = event;
    if (done[event.phase] !== undefined) this.change = { phase: event.phase, why: event.detail };
    if (event.phase === "failed") this.failure = event.detail ?? "";
  }

  /** Nothing more will be seen: what was only told to start (`up --detach`) counts as started. */
  close(): void {
    this.closed = true;
  }

  get outcome(): Outcome {
    if (this.failure !== undefined) return "failed";
    const phase = this.latest?.phase;
    if (phase === undefined) return "open";
    if (this.wasReady && phase !== "ready") return "taken-back";
    if (phase === "stopped") return this.change ? "taken-back" : "done";
    return over.has(phase) || this.leftStarting ? "done" : "open";
  }

  text(): string {
    const name = this.name.padEnd(this.width);
    const { word, more } = this.words();
    const paint = { failed: this.colors.red, done: this.colors.green, open: String, "taken-back": String };
    return `${name}  ${paint[this.outcome](word)}${more.length > 0 ? this.colors.dim(`  ${more.join(", ")}`) : ""}`;
  }

  private words(): { word: string; more: string[] } {
    const { latest, change } = this;
    if (!latest) return { word: this.closed ? "untouched" : "waiting for its turn", more: [] };
    const took = over.has(latest.phase) && latest.phase !== "unchanged" ? [tookText(latest.ms)] : [];
    const told = (detail: string | undefined) => (detail ? [detail] : []);
    if (this.failure !== undefined) return { word: "failed", more: [...told(this.failure), ...took] };
    if (change && (latest.phase === "ready" || this.leftStarting))
      return { word: done[change.phase]!, more: [...told(change.why), ...took] };
    return { word: doing[latest.phase], more: [...told(latest.detail), ...took] };
  }

  /** It was told to start, and nobody waits until it is ready. */
  private get leftStarting(): boolean {
    const phase = this.latest?.phase;
    return this.closed && phase !== undefined && (phase === "waiting" || done[phase] !== undefined);
  }
}
