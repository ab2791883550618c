import { versions } from "../versions.js";

/** What a program is needed for: running the stack, checking its configuration, or only our own tests and benchmarks. */
export type Purpose = "run" | "validate" | "test";

/** One upstream program that obs can build from the sources its go.mod and go.sum pin. */
export interface Program {
  /** Version as the program itself prints it, without a leading v. */
  version: string;
  purpose: Purpose;
  /** Folder of its go.mod, beside this file. Programs of one folder share most of their compilation. */
  folder: string;
  /** Go module that holds it, and that module's version where it isn't `v` + version. */
  module: string;
  moduleVersion: string;
  /** Package to build; `.` where the sources lie in the folder itself. */
  package: string;
  /** Build tags; they leave parts out. */
  tags: readonly string[];
  /** Go variables set by the linker: a build from a module, unlike a release, doesn't know its own version. */
  stamps: Readonly<Record<string, string>>;
  /** Arguments that make it print its version. */
  versionArguments: readonly string[];
  /** Names it goes by on PATH. */
  namesOnPath: readonly string[];
}

// Service discovery of clouds and orchestrators is two thirds of Prometheus' compilation, and none of it is offered by
// the definition: file, HTTP and static discovery are always there, DNS and Docker are named.
const discoveryTags = ["remove_all_sd", "enable_dns_sd", "enable_moby_sd"];

const prometheus = {
  version: versions.prometheus,
  folder: "prometheus",
  module: "github.com/prometheus/prometheus",
  moduleVersion: prometheusModuleVersion(versions.prometheus),
  tags: discoveryTags,
  stamps: { "github.com/prometheus/common/version.Version": versions.prometheus },
  versionArguments: ["--version"],
};

const alertmanager = {
  version: versions.alertmanager,
  folder: "alertmanager",
  module: "github.com/prometheus/alertmanager",
  moduleVersion: `v${versions.alertmanager}`,
  tags: [],
  stamps: { "github.com/prometheus/common/version.Version": versions.alertmanager },
  versionArguments: ["--version"],
};

const loki = {
  version: versions.loki,
  folder: "loki",
  module: "github.com/grafana/loki/v3",
  moduleVersion: `v${versions.loki}`,
  tags: [],
  stamps: { "github.com/grafana/loki/v3/pkg/util/build.Version": versions.loki },
};

/** Every program that obs can build. The longest builds come first: they decide how long an installation takes. */
export const programs = {
  otelcol: {
    version: versions.otelcol,
    purpose: "run",
    folder: "otelcol",
    module: "go.opentelemetry.io/collector/otelcol",
    moduleVersion: `v${versions.otelcol}`,
    package: ".",
    tags: discoveryTags,
    stamps: {},
    versionArguments: ["--version"],
    namesOnPath: ["otelcol", "otelcol-contrib"],
  },
  loki: {
    ...loki,
    purpose: "run",
    package: "github.com/grafana/loki/v3/cmd/loki",
    versionArguments: ["-version"],
    namesOnPath: ["loki"],
  },
  lokitool: {
    ...loki,
    purpose: "validate",
    package: "github.com/grafana/loki/v3/cmd/lokitool",
    versionArguments: ["version"],
    namesOnPath: ["lokitool"],
  },
  prometheus: {
    ...prometheus,
    purpose: "run",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    namesOnPath: ["prometheus"],
  },
  promtool: {
    ...prometheus,
    purpose: "validate",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    namesOnPath: ["promtool"],
  },
  jaeger: {
    version: versions.jaeger,
    purpose: "run",
    folder: "jaeger",
    module: "github.com/jaegertracing/jaeger",
    moduleVersion: `v${versions.jaeger}`,
    package: "github.com/jaegertracing/jaeger/cmd/all-in-one",
    tags: [],
    stamps: { "github.com/jaegertracing/jaeger/pkg/version.latestVersion": `v${versions.jaeger}` },
    versionArguments: ["version"],
    namesOnPath: ["jaeger", "jaeger-all-in-one"],
  },
  "docker-compose": {
    version: versions.compose,
    purpose: "validate",
    folder: "compose",
    module: "github.com/docker/compose/v2",
    moduleVersion: `v${versions.compose}`,
    package: "github.com/docker/compose/v2/cmd",
    tags: [],
    stamps: { "github.com/docker/compose/v2/internal.Version": `v${versions.compose}` },
    versionArguments: ["version"],
    namesOnPath: ["docker-compose"],
  },
  alertmanager: {
    ...alertmanager,
    purpose: "run",
    package: "github.com/prometheus/alertmanager/cmd/alertmanager",
    namesOnPath: ["alertmanager"],
  },
  amtool: {
    ...alertmanager,
    purpose: "validate",
    package: "github.com/prometheus/alertmanager/cmd/amtool",
    namesOnPath: ["amtool"],
  },
  node_exporter: {
    version: versions.nodeExporter,
    purpose: "run",
    folder: "node_exporter",
    module: "github.com/prometheus/node_exporter",
    moduleVersion: `v${versions.nodeExporter}`,
    package: "github.com/prometheus/node_exporter",
    tags: [],
    stamps: { "github.com/prometheus/common/version.Version": versions.nodeExporter },
    versionArguments: ["--version"],
    namesOnPath: ["node_exporter", "prometheus-node-exporter"],
  },
  telemetrygen: {
    version: versions.telemetrygen,
    purpose: "test",
    folder: "telemetrygen",
    module: "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen",
    moduleVersion: `v${versions.telemetrygen}`,
    package: "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen",
    tags: [],
    stamps: {},
    // It knows no version of its own; what Go wrote into the binary answers instead.
    versionArguments: [],
    namesOnPath: ["telemetrygen"],
  },
} as const satisfies Record<string, Program>;

/** Name of a program that obs can build. */
export type ProgramName = keyof typeof programs;

/** All names, longest builds first. */
export const programNames = Object.keys(programs) as ProgramName[];

/** Whether a word, say from the command line, names a program that obs can build. */
export function isProgramName(word: string): word is ProgramName {
  return Object.hasOwn(programs, word);
}

/** What `up` and `validate` use: everything but the programs of our own tests. */
export const defaultProgramNames = programNames.filter((name) => programs[name].purpose !== "test");

/** A program that can't be built from a Go module and so only ever comes from PATH. */
export interface PathOnlyProgram {
  version: string;
  versionArguments: readonly string[];
  namesOnPath: readonly string[];
}

/** Programs that are used when they are on PATH in the pinned version; their makers publish no module that builds. */
export const pathOnlyPrograms = {
  tempo: { version: versions.tempo, versionArguments: ["-version"], namesOnPath: ["tempo"] },
  grafana: { version: versions.grafana, versionArguments: ["--version"], namesOnPath: ["grafana"] },
} as const satisfies Record<string, PathOnlyProgram>;

/** Name of a program that only ever comes from PATH. */
export type PathOnlyProgramName = keyof typeof pathOnlyPrograms;

/** Prometheus 3.15.0 is published as module version v0.315.0: Go allows no major version 3 under an unversioned path. */
function prometheusModuleVersion(version: string): string {
  const [major, minor, patch] = version.split(".");
  return `v0.${major}${minor?.padStart(2, "0")}.${patch}`;
}
