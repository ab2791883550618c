import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { num } from "../values.js";

/** File systems that can fill up: not those in memory, and not images that are full by nature. */
const real = 'fstype!~"tmpfs|ramfs|squashfs|erofs|iso9660|udf|fuse.+"';
const fs = 'device="/dev/sda1", fstype="ext4", instance="host:9100", job="node-exporter", mountpoint="/data"';
const snap = fs.replace("ext4", "squashfs");

/** A forecast below so much free space counts: above it there is time, and steep slopes are somebody's copying. */
const noticeable = 0.4;

/** `free`: part that must be free; `hours`: how far the forecast looks. */
export function diskAlerts({ free, hours }: { free: number; hours: number }): RuleGroupInput["rules"] {
  return [
    alert("HostDiskFull", {
      expr: `
node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes < ${num(free)}
  and node_filesystem_readonly == 0`,
      for: "5m",
      severity: "critical",
      cause: "disk-space",
      summary:
        "{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left",
      description:
        "Writes fail when nothing is left; stores of telemetry stop. Free space now: `du -xh --max-depth=2 {{ $labels.mountpoint }} | sort -h | tail`.",
      cases: [
        {
          kind: "fires",
          name: "just less than what must be free, for five minutes",
          series: disk(`90x2 ${num(free * 99)}x20`),
          firing: { "7m": false, "8m": [{ mountpoint: "/data", severity: "critical" }] },
          annotations: {
            summary: `/data of host:9100 has ${Number((free * 99).toPrecision(4))}% left`,
          },
        },
        {
          kind: "fires",
          name: "one of two file systems is full",
          series: { ...disk("1x20"), ...disk("90x20", fs.replace("/data", "/")) },
          firing: { "10m": [{ mountpoint: "/data" }] },
        },
        {
          kind: "quiet",
          name: "just what must be free",
          series: disk(`${num(free * 101)}x30`),
          firing: { "20m": false },
        },
        {
          kind: "quiet",
          name: "an image that is full by nature, and a read-only file system",
          series: { ...disk("0x30", snap), ...disk("0x30", fs, 1) },
          firing: { "20m": false },
        },
        {
          kind: "resolves",
          name: "somebody deletes files",
          series: disk("1x10 50x10"),
          firing: { "10m": true, "12m": false },
        },
        {
          kind: "no data",
          name: "the node-exporter is gone: StackTargetDown tells",
          series: disk("1x10 stale"),
          firing: { "10m": true, "12m": false },
        },
      ],
    }),
    alert("HostDiskFilling", {
      // Half a year's slow growth needs no forecast, and three hours of history are the least that give one.
      expr: `
predict_linear(node_filesystem_avail_bytes{${real}}[6h], ${num(hours)} * 3600) < 0
  and node_filesystem_avail_bytes / node_filesystem_size_bytes < ${noticeable}
  and node_filesystem_readonly == 0
  and node_filesystem_avail_bytes offset 3h`,
      for: "1h",
      severity: "warning",
      cause: "disk-space",
      summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} will be full within ${num(hours)} hours`,
      description:
        "So says the trend of the last six hours. Find what grows: `du -xh --max-depth=2 {{ $labels.mountpoint }} | sort -h | tail`, then shorten retention or add space.",
      cases: diskFilling(hours),
    }),
    alert("HostInodesLow", {
      expr: `
node_filesystem_files_free{${real}} / node_filesystem_files < ${num(free)}
  and node_filesystem_readonly == 0`,
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.mountpoint }} of {{ $labels.instance }} has inodes for {{ $value | humanizePercentage }} more files",
      description:
        "No new files can be made when they run out, however much space is left. Look for a folder with very many small files.",
      cases: [
        {
          kind: "fires",
          name: "just too few, for a quarter of an hour",
          series: inodes(`900x2 ${num(free * 990)}x30`),
          firing: { "17m": false, "18m": [{ mountpoint: "/data", severity: "warning" }] },
        },
        {
          kind: "quiet",
          name: "just enough",
          series: inodes(`${num(free * 1010)}x30`),
          firing: { "25m": false },
        },
        {
          kind: "quiet",
          name: "a file system without a limit says 0 of 0; an image says 0 free; a read-only one needs none",
          series: {
            ...inodes("0x30", fs, "0x30"),
            ...inodes("0x30", snap),
            ...inodes("0x30", `${fs}, x="1"`, "1000x40", 1),
          },
          firing: { "25m": false },
        },
        {
          kind: "resolves",
          name: "small files are deleted",
          series: inodes("1x20 500x10"),
          firing: { "20m": true, "22m": false },
        },
        {
          kind: "no data",
          name: "the node-exporter is gone: StackTargetDown tells",
          series: inodes("1x20 stale"),
          firing: { "20m": true, "22m": false },
        },
      ],
    }),
    alert("HostFilesystemReadonly", {
      // Some are read-only on purpose: what counts is that it was not.
      expr: `node_filesystem_readonly{${real}} == 1 and min_over_time(node_filesystem_readonly[1d]) == 0`,
      for: "2m",
      severity: "critical",
      summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} has become read-only",
      description:
        "Linux does that after errors of the disk: everything that writes there fails. `dmesg | tail -50` says why; save what is on it first.",
      cases: [
        {
          kind: "fires",
          name: "it could be written to, and can't any more",
          series: { [`node_filesystem_readonly{${fs}}`]: "0x5 1x20" },
          firing: { "7m": false, "8m": [{ mountpoint: "/data", severity: "critical" }] },
        },
        {
          kind: "quiet",
          name: "it was mounted like that, an image is so by nature, another can be written to",
          series: {
            [`node_filesystem_readonly{${fs}}`]: "1x30",
            [`node_filesystem_readonly{${snap}}`]: "0x5 1x30",
            [`node_filesystem_readonly{${fs.replace("/data", "/")}}`]: "0x30",
          },
          firing: { "20m": false },
        },
        {
          kind: "quiet",
          name: "it has been so for more than a day: whoever left it so knows",
          series: { [`node_filesystem_readonly{${fs}}`]: "0x6 1x150" },
          interval: "10m",
          firing: { "20h": true, "24h": true, "26h": false },
        },
        {
          kind: "resolves",
          name: "it is mounted anew",
          series: { [`node_filesystem_readonly{${fs}}`]: "0x5 1x10 0x10" },
          firing: { "12m": true, "17m": false },
        },
        {
          kind: "no data",
          name: "the node-exporter is gone: StackTargetDown tells",
          series: { [`node_filesystem_readonly{${fs}}`]: "0x5 1x10 stale" },
          firing: { "12m": true, "18m": false },
        },
      ],
    }),
  ];
}

/** Series of a file system of 100 bytes. */
function disk(available: string, labels = fs, readonly = 0): Record<string, string> {
  return {
    [`node_filesystem_avail_bytes{${labels}}`]: available,
    [`node_filesystem_size_bytes{${labels}}`]: "100x200",
    [`node_filesystem_readonly{${labels}}`]: `${readonly}x200`,
  };
}

function inodes(free: string, labels = fs, all = "1000x40", readonly = 0): Record<string, string> {
  return {
    [`node_filesystem_files_free{${labels}}`]: free,
    [`node_filesystem_files{${labels}}`]: all,
    [`node_filesystem_readonly{${labels}}`]: `${readonly}x40`,
  };
}

/** All in steps of ten minutes. */
function diskFilling(hours: number): AlertCase[] {
  /** Falls so that 30 are left at `hour`, and nothing `hours` later; or faster. */
  const towardsZero = (hour: number, faster: number) => {
    const step = (30 / hours / 6) * faster;
    return `${num(30 + hour * 6 * step)}-${num(step)}`;
  };
  return [
    {
      kind: "fires",
      name: "it would be full just before the end of the forecast",
      series: disk(`${towardsZero(7, 1.02)}x60`),
      interval: "10m",
      firing: { "7h20m": false, "8h": [{ mountpoint: "/data", severity: "warning" }] },
    },
    {
      kind: "fires",
      name: "after an hour, not before",
      series: disk(`39x36 39-${num(39 / hours / 3)}x24`),
      interval: "10m",
      firing: { "7h": false, "10h": true },
    },
    {
      kind: "quiet",
      name: "it would be full just after the end of the forecast",
      series: disk(`${towardsZero(8, 0.98)}x60`),
      interval: "10m",
      firing: { "8h": false },
    },
    {
      kind: "quiet",
      name: "nearly nothing is left, but it doesn't fall: HostDiskFull tells",
      series: disk("0.5x60"),
      interval: "10m",
      firing: { "8h": false },
    },
    {
      kind: "quiet",
      name: "a copy that has taken an hour and a half",
      series: disk(`39x36 39-${num((39 / hours / 6) * 1.4)}x12`),
      interval: "10m",
      firing: { "7h30m": false },
    },
    {
      kind: "quiet",
      name: "it falls fast, but much is left",
      series: disk("88-1x47"),
      interval: "10m",
      firing: { "7h50m": false },
    },
    {
      kind: "quiet",
      name: "a file system that is two hours old and is being copied to",
      series: disk("_x36 39-1x12"),
      interval: "10m",
      firing: { "7h50m": false },
    },
    {
      kind: "quiet",
      name: "logs that grow and are rotated",
      series: disk(Array.from({ length: 20 }, () => "30 25 20 15").join(" ")),
      interval: "10m",
      firing: { "8h": false, "8h10m": false, "8h20m": false, "8h30m": false },
    },
    {
      kind: "quiet",
      name: "an image, and what can't be written to",
      series: { ...disk(`${towardsZero(7, 1.5)}x60`, snap), ...disk(`${towardsZero(7, 1.5)}x60`, fs, 1) },
      interval: "10m",
      firing: { "8h": false },
    },
    {
      kind: "resolves",
      name: "files are deleted",
      series: disk(`${towardsZero(7, 1.2)}x48 90x12`),
      interval: "10m",
      firing: { "8h": true, "8h20m": false },
    },
    {
      kind: "no data",
      name: "the node-exporter is gone: StackTargetDown tells",
      series: disk(`${towardsZero(7, 1.2)}x48 stale`),
      interval: "10m",
      firing: { "8h": true, "8h20m": false },
    },
  ];
}
