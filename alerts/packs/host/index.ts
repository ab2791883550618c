import { defineRules, type RulePack } from "obs-stack";
import { fields, percent, positive, text } from "../options.js";
import { diskAlerts } from "./disk.js";
import { loadAlerts } from "./load.js";
import { timeAlerts } from "./time.js";

/** Thresholds of {@link hostPack}. */
export interface HostPackOptions {
  /** Who answers for the hosts. Default: `platform`. */
  owner?: string;
  /** Per cent of a file system's space, or of its inodes, that must be free. Default: 5. */
  diskFreePercent?: number;
  /** A file system is filling when it would be full within so many hours. Default: 24. */
  diskFullWithinHours?: number;
  /** Per cent of memory that must be available. Default: 5. */
  memoryAvailablePercent?: number;
  /** How far a clock may be off, in seconds. Default: 0.05. */
  clockOffsetSeconds?: number;
}

const optionsOf = fields<HostPackOptions>({
  owner: text,
  diskFreePercent: percent,
  diskFullWithinHours: positive,
  memoryAvailablePercent: percent,
  clockOffsetSeconds: positive,
});

/** Alerts about the machines that a node-exporter measures: disks, memory, processor, clock. */
export function hostPack(options: HostPackOptions = {}): RulePack {
  const {
    owner = "platform",
    diskFreePercent = 5,
    diskFullWithinHours = 24,
    memoryAvailablePercent = 5,
    clockOffsetSeconds = 0.05,
  } = options;
  const faults = optionsOf(options, "");
  return defineRules({
    name: "host",
    owner,
    description: "Machines: disks, memory, processor, clock.",
    faults,
    groups:
      faults.length > 0
        ? []
        : [
            {
              name: "host-disk",
              rules: diskAlerts({ free: diskFreePercent / 100, hours: diskFullWithinHours }),
            },
            { name: "host-load", rules: loadAlerts({ available: memoryAvailablePercent / 100 }) },
            { name: "host-time", rules: timeAlerts({ offset: clockOffsetSeconds }) },
          ],
  });
}
