import type { ServiceName } from "../services/service.js";

/** A generated file: where it goes and its exact bytes. */
export interface Artefact {
  /** Relative to the folder of generated files of the runtime, e.g. `prometheus/prometheus.yml`. */
  path: string;
  text: string;
  /** The service it configures, or `stack` for what belongs to all. */
  owner: ServiceName | "stack";
  /** Keys of the definition that it comes from. */
  keys: string[];
  /** What the user calls the file that this is, see ProjectRuleFile: findings in it are placed there. */
  copyOf?: string;
}

/** One program as a runtime has to start it. */
export interface ServicePlan {
  name: ServiceName;
  title: string;
  /** Name of a program of the toolchain or on PATH, or an absolute path. */
  program: string;
  /** Absolute path of the shell script that starts it, as `sh SCRIPT PROGRAM ARGS…`. */
  script?: string;
  args: string[];
  env: Record<string, string>;
  /** Names of the secrets it may read. */
  secrets: string[];
  ready: { url: string };
  reload: "SIGHUP" | "restart";
  reloadMetrics?: { successful: string; timestamp: string; url: string };
  stopSeconds: number;
  /** All ports it opens on this machine, with the key to change each. */
  ports: { name: string; address: string; protocol: "tcp" | "udp" }[];
  /** Page for people, if any. */
  page?: { url: string; title: string };
  /** Artefacts that are its configuration. */
  files: Artefact[];
}
