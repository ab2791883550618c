import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import type { Phase, UpRequest, UpResult } from "../runtime.js";
import type { Action } from "./apply.js";

/** Tells what happens to each service, and how long it took. */
export class UpLog {
  private readonly begun = Date.now();
  private readonly ended = new Map<ServiceName, number>();
  private readonly failures = new Set<ServiceName>();

  constructor(private readonly onEvent: UpRequest["onEvent"]) {}

  readonly report = (service: ServiceName, phase: Phase, detail?: string): void => {
    const ms = Date.now() - this.begun;
    if (phase === "failed") this.failures.add(service);
    this.onEvent({ service, phase, ms, ...(detail === undefined ? {} : { detail }) });
  };

  end(service: ServiceName, phase: "ready" | "unchanged" | "failed", detail?: string): void {
    this.ended.set(service, Date.now() - this.begun);
    this.report(service, phase, detail);
  }

  failed(service: ServiceName): boolean {
    return this.failures.has(service);
  }

  result(actions: ReadonlyMap<ServiceName, Action>, problems: Problem[]): UpResult {
    const now = Date.now() - this.begun;
    return {
      services: [...actions].map(([name, action]) => ({ name, action, ms: this.ended.get(name) ?? now })),
      problems,
    };
  }
}
