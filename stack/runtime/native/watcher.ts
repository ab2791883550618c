import type { ServiceName } from "../../services/service.js";
import { type SupervisorClient, SupervisorGone } from "./client.js";
import type { ProgramState } from "./state.js";

/** Follows the supervisor's news and lets others wait for something to happen to a program. */
export class ProgramWatcher {
  private readonly latest = new Map<ServiceName, ProgramState>();
  private readonly waiting = new Set<() => void>();
  private gone = false;
  private closer: { close(): void } | undefined;

  private constructor() {}

  /** Starts to follow. Throws SupervisorGone when the supervisor isn't there. */
  static async open(client: SupervisorClient): Promise<ProgramWatcher> {
    const watcher = new ProgramWatcher();
    watcher.closer = await client.watch(
      ({ service, state }) => {
        if (state) watcher.see(state);
        else watcher.latest.delete(service);
        watcher.wake();
      },
      () => {
        watcher.gone = true;
        watcher.wake();
      },
    );
    return watcher;
  }

  close(): void {
    this.closer?.close();
  }

  /** Takes up a state learnt otherwise, from the answer to a request. */
  see(state: ProgramState): void {
    const known = this.latest.get(state.spec.name);
    if (!known || known.generation <= state.generation) this.latest.set(state.spec.name, state);
  }

  /**
   * Resolves to the first state of a program, started as this generation or later, that satisfies the condition.
   * Rejects with SupervisorGone when the supervisor leaves, with the signal's reason when aborted.
   */
  until(
    service: ServiceName,
    generation: number,
    condition: (state: ProgramState) => boolean,
    signal: AbortSignal,
  ): Promise<ProgramState> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.waiting.delete(look);
        signal.removeEventListener("abort", look);
      };
      const look = () => {
        const state = this.latest.get(service);
        if (signal.aborted) reject(signal.reason);
        else if (state && state.generation >= generation && condition(state)) resolve(state);
        else if (this.gone) reject(new SupervisorGone("the supervisor ended"));
        else return;
        end();
      };
      this.waiting.add(look);
      signal.addEventListener("abort", look);
      look();
    });
  }

  private wake(): void {
    for (const look of [...this.waiting]) look();
  }
}
