import { type StackInput, stackSchema } from "../../../stack/define.js";
import { composeAddresses } from "../../../stack/render/address.js";
import type { Artefact } from "../../../stack/render/artefact.js";
import { renderCompose } from "../../../stack/render/compose.js";
import { toYaml } from "../../../stack/render/yaml.js";
import type { RenderContext, Service } from "../../../stack/services/service.js";
import { ProblemError } from "../../../stack/validate/problem.js";

const base: Service = {
  name: "loki",
  title: "keeps logs",
  program: "loki",
  user: "10001:10001",
  wanted: () => true,
  ports: () => ["loki"],
  published: () => [],
  args: () => [],
  files: () => [],
  readiness: () => ({ port: "loki", path: "/ready" }),
  metrics: () => ({ port: "loki", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 64,
};

/** Services that between them use everything that a service can ask of Compose. */
const collector: Service = {
  ...base,
  name: "otel-collector",
  user: "65534:65534",
  imageDataDir: "/var/lib/otelcol",
  prepareVolumeWith: { image: "prometheus", mountAt: "/prometheus" },
  published: () => ["otlpGrpc", "jaegerThriftUdp"],
  args: () => ["--config=/etc/obs/otel.yml", "--set=costs=$5"],
  env: () => ({ PLAIN: "yes", DOLLAR: "$HOME" }),
  secrets: () => ["TOKEN"],
  projectFiles: () => ["tls/cert.pem", "tls/key.pem", "tls/deep/ca.pem", "targets/**/*.json", "beside.pem"],
  stopSeconds: 30,
};
const prometheus: Service = {
  ...base,
  name: "prometheus",
  imageDataDir: "/prometheus",
  published: () => ["prometheus"],
  reload: "SIGHUP",
};
const jaeger: Service = { ...base, name: "jaeger", imageDataDir: "/tmp" };
const nodeExporter: Service = {
  ...base,
  name: "node-exporter",
  compose: { pid: "host", volumes: ["/:/host:ro"] },
};
const all = [collector, prometheus, jaeger, nodeExporter];

const artefacts: Artefact[] = [
  { path: "otel-collector/otel.yml", text: "a: 1\n", owner: "otel-collector", keys: [] },
  { path: "prometheus/prometheus.yml", text: "b: 1\n", owner: "prometheus", keys: [] },
];

interface ComposeService {
  [key: string]: unknown;
  image: string;
  volumes?: unknown[];
  ports?: string[];
  networks?: string[] | Record<string, unknown>;
  labels?: Record<string, string>;
}
interface ComposeFile {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, object>;
  volumes?: Record<string, object>;
}

function compose(input: Partial<StackInput> = {}, services = all, files = artefacts): ComposeFile {
  const stack = stackSchema.parse({ name: "shop", ...input });
  const context: RenderContext = {
    stack,
    facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } },
    definitionFile: "obs.config.ts",
    at: composeAddresses(stack),
    members: [...services],
    ruleFiles: [],
    templates: [],
    runbooks: [],
  };
  return renderCompose(context, services, { artefacts: files }) as ComposeFile;
}

describe("the Compose file", () => {
  test("gives every service the same protection", () => {
    const names = Object.keys(compose().services);
    expect(names).toEqual([
      "otel-collector-volume",
      "otel-collector",
      "prometheus",
      "jaeger",
      "node-exporter",
    ]);
    for (const name of names)
      expect(compose().services[name]).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
        mem_limit: expect.stringMatching(/^\d+m$/),
        logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
      });
  });

  test("publishes on loopback only, but the OTLP ports where the definition says", () => {
    const published = (input: Partial<StackInput>) =>
      Object.values(compose(input).services).flatMap(({ ports = [] }) => ports);
    expect(published({})).toEqual(["127.0.0.1:4317:4317", "127.0.0.1:6831:6831/udp", "127.0.0.1:9090:9090"]);
    expect(published({ bind: "0.0.0.0" })).toEqual([
      "0.0.0.0:4317:4317",
      "127.0.0.1:6831:6831/udp",
      "127.0.0.1:9090:9090",
    ]);
    expect(published({ bind: "::1", ports: { otlpGrpc: 5317 } })[0]).toBe("[::1]:5317:5317");
  });

  test("keeps what is not published off every network that leads outside", () => {
    const { networks, services } = compose();
    expect(networks).toEqual({
      stack: { internal: true },
      ingress: {},
      telemetry: { name: "shop-telemetry" },
    });
    expect(services.jaeger?.networks).toEqual(["stack"]);
    expect(services.prometheus?.networks).toEqual(["stack", "ingress"]);
    expect(services["otel-collector"]?.networks).toEqual({
      stack: {},
      ingress: {},
      telemetry: { aliases: ["otel-collector"] },
    });
    expect(services["otel-collector-volume"]?.network_mode).toBe("none");
  });

  test("mounts folders read-only and never makes a missing one", () => {
    const { volumes = [] } = compose().services["otel-collector"]!;
    const mount = (source: string, target: string) => ({
      type: "bind",
      source,
      target,
      read_only: true,
      bind: { create_host_path: false },
    });
    expect(volumes).toEqual([
      mount("./stack/generated/otel-collector", "/etc/obs"),
      mount("./.obs/secrets/otel-collector", "/run/secrets"),
      mount("./beside.pem", "/etc/obs-project/beside.pem"),
      mount("./targets", "/etc/obs-project/targets"),
      mount("./tls", "/etc/obs-project/tls"),
      "otel-collector:/var/lib/otelcol",
    ]);
  });

  test.each(["/etc/ssl/key.pem", "../elsewhere/key.pem", "*.json"])("refuses to mount %s", (path) => {
    const render = () => compose({}, [{ ...base, projectFiles: () => [path] }]);
    expect(render).toThrow(ProblemError);
    expect(render).toThrow(path);
  });

  test("has the volume of a program without any folder of its own prepared by another image", () => {
    const { services, volumes } = compose();
    expect(services["otel-collector-volume"]).toMatchObject({
      image: expect.stringMatching(/^prom\/prometheus:/),
      user: "65534:65534",
      command: ["--version"],
      restart: "no",
      volumes: ["otel-collector:/prometheus"],
    });
    expect(services["otel-collector"]?.depends_on).toEqual({
      "otel-collector-volume": { condition: "service_completed_successfully" },
    });
    expect(Object.keys(volumes ?? {})).toEqual(["otel-collector", "prometheus", "jaeger"]);
  });

  test("gives a temporary folder to all but those that keep their data there", () => {
    const { services } = compose();
    expect(services.prometheus?.tmpfs).toEqual(["/tmp:mode=1777,size=64m"]);
    expect(services.jaeger).not.toHaveProperty("tmpfs");
    expect(services.jaeger?.volumes).toEqual(["jaeger:/tmp"]);
  });

  test("has changed configuration make a container anew only where no signal does", () => {
    const label = (text: string, service: string) =>
      compose(
        {},
        all,
        artefacts.map((artefact) => ({ ...artefact, text })),
      ).services[service]?.labels;
    expect(label("one", "otel-collector")?.["obs.config-hash"]).toMatch(/^[0-9a-f]{64}$/);
    expect(label("one", "otel-collector")).not.toEqual(label("two", "otel-collector"));
    expect(label("one", "prometheus")).toEqual({ "obs.service": "prometheus" });
    expect(label("one", "prometheus")).toEqual(label("two", "prometheus"));
  });

  test("puts the mirror in front of every image", () => {
    const { services } = compose({ images: { registry: "mirror.internal:5000/hub" } });
    for (const { image } of Object.values(services))
      expect(image).toMatch(/^mirror\.internal:5000\/hub\/\w+\//);
  });

  test("keeps dollar signs from being read as variables", () => {
    expect(compose().services["otel-collector"]).toMatchObject({
      command: ["--config=/etc/obs/otel.yml", "--set=costs=$$5"],
      environment: { PLAIN: "yes", DOLLAR: "$$HOME" },
    });
  });

  test("adds what only one service needs", () => {
    expect(compose().services["node-exporter"]).toMatchObject({ pid: "host", volumes: ["/:/host:ro"] });
  });

  test("merges the definition's override last", () => {
    const overrides = {
      compose: {
        services: {
          jaeger: { mem_limit: "2g", restart: null },
          docs: { image: "nginx:1.29", networks: ["ingress"] },
        },
        networks: { telemetry: { driver_opts: { mtu: "1400" } } },
      },
    };
    const { services, networks } = compose({ overrides });
    expect(services.jaeger).toMatchObject({ mem_limit: "2g", read_only: true });
    expect(services.jaeger).not.toHaveProperty("restart");
    expect(services.docs).toEqual({ image: "nginx:1.29", networks: ["ingress"] });
    expect(networks.telemetry).toEqual({ name: "shop-telemetry", driver_opts: { mtu: "1400" } });
  });

  test("is the same text each time", () => {
    expect(toYaml(compose())).toBe(toYaml(compose()));
  });
});
