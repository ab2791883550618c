import type { Stack } from "../define.js";
import type { Project } from "../project.js";
import type { Rendered } from "../render/rendered.js";
import type { ServiceName } from "../services/service.js";
import type { Problem } from "../validate/problem.js";

/** What a runtime is doing with a service; `unchanged`, `ready`, `stopped` and `failed` end it. */
export type Phase =
  | "unchanged"
  | "preparing"
  | "starting"
  | "reloading"
  | "restarting"
  | "waiting"
  | "ready"
  | "stopping"
  | "stopped"
  | "failed";

/** Progress of one service. */
export interface RuntimeEvent {
  service: ServiceName;
  phase: Phase;
  /** Milliseconds since the request began. */
  ms: number;
  /** More in a few words, e.g. why it is restarted. */
  detail?: string;
}

/** What `up` did with each service. */
export interface UpResult {
  services: {
    name: ServiceName;
    action: "unchanged" | "started" | "reloaded" | "restarted" | "removed";
    ms: number;
  }[];
  /** Errors mean that it did not come up; what ran before then runs still. */
  problems: Problem[];
}

/** How one service is, told honestly. */
export interface ServiceStatus {
  name: ServiceName;
  /** `stopped`: not running and nobody restarts it; `crashed`: ended by itself, maybe about to be restarted. */
  state: "ready" | "starting" | "not-ready" | "crashed" | "stopped";
  pid?: number;
  container?: string;
  /** Seconds since it was started. */
  uptimeSeconds?: number;
  restarts: number;
  /** Why it is not ready, in a sentence. */
  reason?: string;
  /** The last lines of its log, when it is not ready. */
  lastLog?: string[];
  url?: string;
}

/** How the whole stack is. */
export interface StackStatus {
  runtime: "compose" | "native";
  running: boolean;
  services: ServiceStatus[];
  /** E.g. that the supervisor is gone while its programs run on. */
  problems: Problem[];
}

/** What a runtime is given for `up`. */
export interface UpRequest {
  rendered: Rendered;
  /** Values of the secrets by name; never logged. */
  secrets: ReadonlyMap<string, string>;
  /** Aborting it (Ctrl-C) leaves what ran before still running and nothing half-started. */
  signal: AbortSignal;
  onEvent: (event: RuntimeEvent) => void;
  /** Resolves as soon as everything is started, without waiting until it is ready. */
  detach?: boolean;
}

/** A place where the stack can run. A runtime only places and starts what it is given. */
export interface Runtime {
  readonly name: "compose" | "native";
  /** Starts, reloads or restarts just what changed; resolves when all is ready or it is clear that it won't be. */
  up(request: UpRequest): Promise<UpResult>;
  /** Stops everything of this project; with `volumes` also removes its data. Nothing running is no error. */
  down(options: {
    volumes: boolean;
    signal: AbortSignal;
    onEvent: (event: RuntimeEvent) => void;
  }): Promise<{ stopped: ServiceName[]; problems: Problem[] }>;
  status(): Promise<StackStatus>;
  /** Log lines, oldest first; with `follow` it goes on until aborted. */
  logs(options: {
    services: ServiceName[];
    follow: boolean;
    /** Lines of the past per service. */
    tail: number;
    signal: AbortSignal;
    onLine: (service: ServiceName, line: string) => void;
  }): Promise<void>;
  /** Where a webhook of this process must listen so that the stack's programs reach it. */
  webhookAddress(): Promise<{ listen: string; reach: string }>;
  /** How to start another Prometheus of the stack's version beside the stack. Throws a ProblemError where there is none. */
  secondPrometheus(request: SecondPrometheusRequest): Promise<SecondPrometheusPlan>;
}

/** A Prometheus to be started beside the stack. */
export interface SecondPrometheusRequest {
  stack: Stack;
  /** Holds its configuration and data; absolute. */
  folder: string;
  /** Port of this machine's loopback at which it is asked. */
  port: number;
}

/** How it is started: the command line that its own arguments follow, and what it sees. It ends at SIGTERM and leaves nothing behind. */
export interface SecondPrometheusPlan {
  command: readonly [file: string, ...args: string[]];
  /** What that command needs of the environment beside what every program gets. */
  env: Readonly<Record<string, string>>;
  /** The folder as it sees it. */
  folder: string;
  /** `host:port` that it has to listen on. */
  listen: string;
  /** `host:port` of the stack's Alertmanager as it reaches it. */
  alertmanager: string;
}

/** Makes a runtime for a project. Both runtimes export one of this type. */
export type RuntimeFactory = (project: Project) => Runtime;
