import { type ClientRequest, request } from "node:http";
import type { ServiceName } from "../../services/service.js";
import { isRunning } from "../process.js";
import type { Layout } from "./layout.js";
import type { ProgramEvent } from "./protocol.js";
import { type NativeState, type ProgramSpec, type ProgramState, readState } from "./state.js";

/** The supervisor could not be reached, or left in the middle of a request. */
export class SupervisorGone extends Error {
  override name = "SupervisorGone";
}

/** Talks to a supervisor; see protocol.ts. All methods throw {@link SupervisorGone} when there is none at the other end. */
export class SupervisorClient {
  constructor(private readonly socket: string) {}

  async state(timeoutMs = 5_000): Promise<NativeState> {
    return (await this.ask("GET", "/state", undefined, timeoutMs)) as NativeState;
  }

  /** Starts a program, or replaces the one that runs. Resolves once the new process is there, not once it is ready. */
  async put(spec: ProgramSpec): Promise<ProgramState> {
    return (await this.ask("PUT", `/programs/${spec.name}`, spec)) as ProgramState;
  }

  /** Notes a changed specification of a process that is left alone. */
  async amend(spec: ProgramSpec): Promise<void> {
    await this.ask("PATCH", `/programs/${spec.name}`, spec);
  }

  /** Sends SIGHUP to a program. Throws Error when it isn't running. */
  async hangup(service: ServiceName): Promise<void> {
    await this.ask("POST", `/programs/${service}/hangup`);
  }

  /** Stops a program and forgets it; resolves once it and all it started have ended. */
  async remove(service: ServiceName): Promise<void> {
    await this.ask("DELETE", `/programs/${service}`);
  }

  /** Ends the supervisor after everything has been stopped. */
  async shutdown(): Promise<void> {
    await this.ask("POST", "/shutdown");
  }

  /** Ends the supervisor alone. */
  async detach(): Promise<void> {
    await this.ask("POST", "/detach");
  }

  /** Hears what happens to programs from now on. Resolves once nothing can be missed any more. */
  watch(onEvent: (event: ProgramEvent) => void, onGone: () => void): Promise<{ close(): void }> {
    return new Promise((resolve, reject) => {
      let open: ClientRequest | undefined = request(
        { socketPath: this.socket, path: "/events", agent: false },
        (response) => {
          let unfinished = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            const lines = (unfinished + chunk).split("\n");
            unfinished = lines.pop() ?? "";
            for (const line of lines) onEvent(JSON.parse(line) as ProgramEvent);
          });
          response.on("error", () => {});
          response.on("close", () => {
            if (open) onGone();
          });
          resolve({
            close() {
              const closing = open;
              open = undefined;
              closing?.destroy();
            },
          });
        },
      );
      open.on("error", (error) => reject(new SupervisorGone(error.message)));
      open.end();
    });
  }

  private ask(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const gone = (error: Error) => reject(new SupervisorGone(`${method} ${path}: ${error.message}`));
      const asked = request(
        { socketPath: this.socket, method, path, agent: false, ...(timeoutMs && { timeout: timeoutMs }) },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("error", gone);
          response.on("end", () => {
            if ((response.statusCode ?? 500) < 300) resolve(text === "" ? undefined : JSON.parse(text));
            else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
          });
        },
      );
      asked.on("timeout", () => asked.destroy(new Error("no answer")));
      asked.on("error", gone);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** What there is of a supervisor and its state. */
export type Supervision =
  | { kind: "none"; state?: undefined; client?: undefined }
  /** It was killed: the programs may run on. */
  | { kind: "gone"; state: NativeState; client?: undefined }
  /** Its process is there but doesn't answer. */
  | { kind: "unreachable"; state: NativeState; client?: undefined }
  | { kind: "there"; state: NativeState; client: SupervisorClient };

/** Looks for the supervisor of a stack; starts nothing. */
export async function findSupervision(layout: Layout): Promise<Supervision> {
  const state = readState(layout.stateFile);
  if (!state) return { kind: "none" };
  if (!isRunning(state.supervisor)) return { kind: "gone", state };
  const client = new SupervisorClient(state.supervisor.socket);
  try {
    return { kind: "there", state: await client.state(), client };
  } catch (error) {
    if (!(error instanceof SupervisorGone)) throw error;
    return { kind: isRunning(state.supervisor) ? "unreachable" : "gone", state };
  }
}
