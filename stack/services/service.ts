import type { RulePack } from "../alerting/define-rules.js";
import type { Stack } from "../define.js";
import type { PortName } from "../ports.js";
import type { images } from "../versions.js";

/** Name of a service: its Compose service, its folder of configuration, its name in every message. */
export type ServiceName = keyof typeof images;

/** What only the runtime knows, decided before rendering; the same facts and definition give the same bytes. */
export interface Facts {
  /** The trace store that `traces.backend` came to, and why in a few words. */
  traces: { backend: "tempo" | "jaeger"; why: string };
  /** Whether Grafana is part of the stack, and why in a few words. */
  grafana: {
    present: boolean;
    why: string;
    /** Without Docker: absolute path of the unpacked Grafana that is used. */
    home?: string;
  };
  /** Whether the preview of dashboards stands in for Grafana: where there is none, without Docker. */
  preview?: boolean;
  /** The certificate of `otlp.tls`, where there is one that can be read. Seconds since 1970. */
  certificate?: { notAfterSeconds: number };
}

/**
 * Where things are, asked by services while they render. Each runtime has its own; a service never knows which it talks to.
 * Addresses are `host:port`.
 */
export interface AddressBook {
  /** Where a program itself listens. */
  listen(port: PortName): string;
  /** Where the other programs of the stack reach it. */
  reach(port: PortName): string;
  /** Host part of {@link listen}. */
  listenHost(port: PortName): string;
  /** Folder of a service's rendered configuration, as the program sees it. */
  configDir(service: ServiceName): string;
  /** Folder a service may write to and that survives restarts, as the program sees it. */
  dataDir(service: ServiceName): string;
  /** File that holds a secret's value, as the service's program sees it. */
  secretFile(service: ServiceName, name: string): string;
  /** A file of the user's project (TLS certificate, target list), as the service's program sees it. */
  projectFile(path: string): string;
  /** An address that the user wrote, `host:port` or URL: where it names this machine, as the stack's programs reach it. */
  external(address: string): string;
  /** The program of a service that is a bundle of obs, as Node sees it. */
  bundle(service: ServiceName): string;
  /** The host's root file system, as node-exporter sees it. */
  hostRoot: string;
}

/** A file of the project that goes into a program's configuration as it is. */
export interface ProjectTextFile {
  /** File name, unique among its kind. */
  name: string;
  /** What the user calls it: a path relative to the project folder. */
  source: string;
  text: string;
}

/** A rule file of the project. Its source is a pack's place in the definition where it was rendered from one. */
export interface ProjectRuleFile extends ProjectTextFile {
  /** The typed pack it was rendered from. */
  pack?: RulePack;
}

/** All that a service renders from. */
export interface RenderContext {
  stack: Stack;
  facts: Facts;
  /** The definition's file, relative to the project folder. */
  definitionFile: string;
  at: AddressBook;
  /** The services that are part of this stack. */
  members: readonly Service[];
  /** Rule files of the user, and those rendered from typed packs. */
  ruleFiles: ProjectRuleFile[];
  /** Message templates of the user: file name unique among them, path relative to the project folder, text verbatim. */
  templates: ProjectTextFile[];
  /** Runbooks as HTML pages. */
  runbooks: ProjectTextFile[];
}

/** One file of a service's configuration, before it becomes text. */
export interface ConfigFile {
  /** Relative to the service's configuration folder. */
  path: string;
  /** An object becomes YAML (or JSON, by the ending) under the banner; text is taken as it is. */
  content: object | string;
  /** What the user calls the file that this is: findings in it are placed there. */
  copyOf?: string;
  /** Keys of the definition that it comes from, for the banner and for placing findings. */
  keys: string[];
  /** The file that `overrides.<service>` is merged into. At most one a service. */
  main?: boolean;
}

/** Everything about one program of the stack. */
export interface Service {
  name: ServiceName;
  /** One line for tables and for the Compose file. */
  title: string;
  /** Whether it is part of this stack. */
  wanted(stack: Stack, facts: Facts): boolean;
  /** Name of the program in the toolchain, or on PATH (a Grafana home brings its own, see render). */
  program: string;
  /**
   * The shell script, among its files, that starts the program instead: `sh FILE PROGRAM ARGS…`. In the image it takes the
   * place of the entry point.
   */
  script?: { file: string; programInImage: string };
  /** `uid:gid` that the image's program runs as; owns its volume. */
  user: string;
  /** Where the image lets that user write; a named volume is mounted there. Absent: the service keeps nothing. */
  imageDataDir?: string;
  /** Why and how the volume needs preparing before the first start (see the collector). */
  prepareVolumeWith?: { image: ServiceName; mountAt: string };
  /** Ports it opens. Those not listed under `published` are for the stack's own programs only. */
  ports(context: RenderContext): PortName[];
  /** Ports that also get an address on the host. */
  published(context: RenderContext): PortName[];
  /** Command line after the program's name. */
  args(context: RenderContext): string[];
  /** Environment, never with secrets in it. */
  env?(context: RenderContext): Record<string, string>;
  files(context: RenderContext): ConfigFile[];
  /**
   * Names of the secrets it reads, each as a file. A service that reloads by SIGHUP reads the files anew at each use,
   * so a changed secret needs nothing there; every other service is restarted for it.
   */
  secrets?(stack: Stack): string[];
  /** Files of the user's project that it reads (relative paths), mounted read-only. */
  projectFiles?(stack: Stack): string[];
  /** A GET here answers 200 once the service does its work. Without a path: it is a PostgreSQL that takes connections. */
  readiness(): { port: PortName; path?: string };
  /** Where Prometheus scrapes it. */
  metrics?(context: RenderContext): { port: PortName; path: string };
  /** The program that Node runs, where it is one of obs itself: its path below dist/. */
  bundle?: string;
  /**
   * How it takes up changed configuration files. `SIGHUP` only where the program re-reads everything it renders
   * here; changed arguments or environment always mean a restart.
   */
  reload: "SIGHUP" | "restart";
  /** With SIGHUP: names of its gauges that tell whether the last reload worked and when (Unix seconds). */
  reloadMetrics?: { successful: string; timestamp: string };
  /** Memory limit of its container, in MiB. */
  memoryMiB(stack: Stack): number;
  /** How long it may take to stop cleanly before it is killed, in seconds. */
  stopSeconds?: number;
  /**
   * Shown to the person after `up`: what to open. `imageOnly`: its Go module carries no web pages, so that a program
   * built from it answers only its API.
   */
  page?: { port: PortName; title: string; imageOnly?: boolean };
  /** Compose settings that only this service needs (node-exporter's view of the host). */
  compose?: Record<string, unknown>;
}
