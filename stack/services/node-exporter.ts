import type { Service } from "./service.js";

/** Measures the host: CPU, memory, disk. */
export const nodeExporter: Service = {
  name: "node-exporter",
  title: "measures the host",
  program: "node_exporter",
  user: "65534:65534",
  wanted: (stack) => stack.host.enabled,
  ports: () => ["nodeExporter"],
  published: () => ["nodeExporter"],
  args: ({ at }) => [
    `--web.listen-address=${at.listen("nodeExporter")}`,
    `--path.rootfs=${at.hostRoot}`,
    `--path.procfs=${at.hostRoot === "/" ? "/proc" : `${at.hostRoot}/proc`}`,
    `--path.sysfs=${at.hostRoot === "/" ? "/sys" : `${at.hostRoot}/sys`}`,
    // Only what a dashboard or alert about the host needs; the rest is cardinality. Network and host name are left out:
    // in a container they would be the container's own, and a wrong figure is worse than none.
    "--collector.disable-defaults",
    ...[
      "cpu",
      "diskstats",
      "filefd",
      "filesystem",
      "loadavg",
      "meminfo",
      "pressure",
      "stat",
      "time",
      "timex",
      "vmstat",
    ].map((name) => `--collector.${name}`),
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containerd/.+)($|/)",
    "--log.level=warn",
  ],
  files: () => [],
  readiness: () => ({ port: "nodeExporter", path: "/" }),
  metrics: () => ({ port: "nodeExporter", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 64,
  compose: { volumes: ["/:/host:ro"] },
};
