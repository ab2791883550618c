import {
  above,
  bars,
  below,
  dashboard,
  firingAlerts,
  promql,
  row,
  section,
  stat,
  timeseries,
  variable,
} from "./lib/index.js";
import { limits } from "./limits.js";

const on = (metric: string, ...more: string[]) => `${metric}{${['instance=~"$host"', ...more].join(", ")}}`;
const rate = (metric: string, ...more: string[]) => `rate(${on(metric, ...more)}[$__rate_interval])`;
/** File systems that hold something. */
const real = 'fstype!~"tmpfs|ramfs|squashfs|erofs|iso9660|udf|fuse.+"';
const busy = `1 - avg by (instance) (${rate("node_cpu_seconds_total", 'mode="idle"')})`;
const memory = `${on("node_memory_MemAvailable_bytes")} / ${on("node_memory_MemTotal_bytes")}`;
const freeSpace = `${on("node_filesystem_avail_bytes", real)} / ${on("node_filesystem_size_bytes", real)}`;
const noPressure = "the kernel doesn't tell of pressure (before Linux 4.20, or switched off).";

/** Has the machine enough of everything: processor, memory, disk? */
export const host = () =>
  dashboard({
    uid: "host",
    title: "Host",
    description: "Has the machine enough of everything: processor, memory, disk?",
    variables: [
      variable({ name: "host", title: "Host", metric: "node_boot_time_seconds", label: "instance" }),
    ],
    alerts: "Host.*",
    rows: [
      row(
        4,
        stat({
          title: "CPU busy",
          description: "Share of the processors' time that is used, of the busiest host.",
          whenRed: "Find the process with `top`; whether it hurts, the pressure below says.",
          unit: "ratio",
          sparkline: true,
          thresholds: above({ warning: 0.85, critical: 0.95 }),
          queries: [promql(`max(${busy})`)],
        }),
        stat({
          title: "Memory available",
          description: "Share of the memory that programs can still get, of the host with least.",
          whenRed: "`ps aux --sort=-rss | head` names who holds it. At zero the kernel ends a process.",
          unit: "ratio",
          sparkline: true,
          thresholds: below({ warning: 0.1, critical: 0.05 }),
          queries: [promql(`min(${memory})`)],
        }),
        stat({
          title: "Least disk space left",
          description: "Of the fullest file system.",
          whenRed: "Below: which one. Shorten retention or add space; full stores lose data.",
          unit: "ratio",
          sparkline: true,
          thresholds: limits.diskSpace,
          queries: [promql(`min(${freeSpace})`)],
        }),
        stat({
          title: "Up for",
          description: "Time since the host that started last did so.",
          whenRed:
            "Short and nobody restarted it: look at the end of the log of the boot before, `journalctl -b -1 -e`.",
          unit: "seconds",
          queries: [promql(`min(time() - ${on("node_boot_time_seconds")})`)],
        }),
      ),
      row(
        8,
        timeseries({
          title: "CPU by mode",
          description: "Processors that are used, by what for.",
          whenRed:
            "`iowait`: the disk is slow. `steal`: the machine is shared, and others take it. `user`: a program.",
          unit: "count",
          stacked: true,
          queries: [promql(`sum by (mode) (${rate("node_cpu_seconds_total", 'mode!="idle"')})`, "{{mode}}")],
        }),
        timeseries({
          title: "Memory",
          description: "What there is and what is available.",
          whenRed: "A slow fall is a leak, a step a new program.",
          unit: "bytes",
          queries: [
            promql(on("node_memory_MemTotal_bytes"), "{{instance}} all"),
            promql(on("node_memory_MemAvailable_bytes"), "{{instance}} available"),
          ],
        }),
      ),
      row(
        8,
        bars({
          title: "Disk space left",
          description: "Share of each file system that is free.",
          whenRed: "`du -xh --max-depth=2 <mount> | sort -h | tail` shows what takes it.",
          unit: "ratio",
          max: 1,
          thresholds: limits.diskSpace,
          queries: [promql(freeSpace, "{{instance}} {{mountpoint}}")],
        }),
        timeseries({
          title: "Free space",
          description: "How free space changes, by file system.",
          whenRed:
            "A straight line down meets zero at a time that can be read off: the alert looks a day ahead.",
          unit: "bytes",
          queries: [promql(on("node_filesystem_avail_bytes", real), "{{instance}} {{mountpoint}}")],
        }),
        firingAlerts("Host.*"),
      ),
      row(
        8,
        timeseries({
          title: "Waiting for resources",
          description: "Share of time in which something waited for processor, disk or memory.",
          whenRed: "Above 60 % for the processor is an alert: too much at once for this machine.",
          mayBeEmpty: noPressure,
          unit: "ratio",
          max: 1,
          thresholds: above({ warning: 0.6 }),
          queries: [
            promql(`max(${rate("node_pressure_cpu_waiting_seconds_total")})`, "processor"),
            promql(`max(${rate("node_pressure_io_waiting_seconds_total")})`, "disk"),
            promql(`max(${rate("node_pressure_memory_waiting_seconds_total")})`, "memory"),
          ],
        }),
        timeseries({
          title: "Disks busy",
          description: "Share of time that each disk works.",
          whenRed: "At 100 % everything that reads or writes waits: who does, `iotop` says.",
          mayBeEmpty: "the kernel tells of no disks (a container).",
          unit: "ratio",
          max: 1,
          thresholds: above({ warning: 0.9 }),
          queries: [promql(rate("node_disk_io_time_seconds_total"), "{{instance}} {{device}}")],
        }),
      ),
    ],
    sections: [
      section(
        "More",
        row(
          8,
          timeseries({
            title: "Read from and written to disks",
            description: "Bytes per second of all disks.",
            whenRed: "A steady high line of writes: a store that compacts, or a log that grows.",
            mayBeEmpty: "the kernel tells of no disks (a container).",
            unit: "bytesPerSecond",
            queries: [
              promql(`sum(${rate("node_disk_read_bytes_total")})`, "read"),
              promql(`sum(${rate("node_disk_written_bytes_total")})`, "written"),
            ],
          }),
          timeseries({
            title: "Load",
            description: "Tasks that run or wait, on average over five minutes.",
            whenRed: "Twice the number of processors for long: too much at once.",
            unit: "count",
            queries: [promql(on("node_load5"), "{{instance}}")],
          }),
          timeseries({
            title: "Clock offset",
            description: "How far the clock is from the time servers'.",
            whenRed: "Above 50 ms traces and logs no longer fit together: `chronyc tracking`.",
            unit: "seconds",
            signed: true,
            queries: [promql(on("node_timex_offset_seconds"), "{{instance}}")],
          }),
        ),
      ),
    ],
  });
