import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { inhibitRules } from "../../stack/alerting/inhibitions.js";
import { stackSchema } from "../../stack/define.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { freePorts } from "../support/free-ports.js";
import { withFolder } from "../support/temporary-folder.js";
import { waitFor } from "../support/wait-for.js";

type Labels = Record<string, string>;

/** Names and subjects of the alerts that the real Alertmanager holds back because of others, by what they are about. */
async function inhibited(alerts: readonly Labels[]): Promise<string[]> {
  const program = (await findProgram("alertmanager"))!.path;
  const [port] = await freePorts(1);
  let found: string[] = [];
  await withFolder(async (folder) => {
    const config = {
      route: { receiver: "nobody", group_wait: "0s" },
      receivers: [{ name: "nobody" }],
      inhibit_rules: inhibitRules(stackSchema.parse({ name: "shop" })),
    };
    await writeFile(join(folder, "alertmanager.yml"), JSON.stringify(config));
    const running = execa(
      program,
      [
        `--config.file=${join(folder, "alertmanager.yml")}`,
        `--storage.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      { reject: false },
    );
    const url = `http://127.0.0.1:${port}`;
    try {
      await waitFor("Alertmanager to be ready", async () => {
        const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
        return ready?.ok === true;
      });
      await fetch(`${url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(alerts.map((labels) => ({ labels }))),
      });
      type Seen = { labels: Labels; status: { state: string; inhibitedBy: string[] } }[];
      let seen: Seen = [];
      await waitFor("Alertmanager to have looked at all alerts", async () => {
        seen = (await (await fetch(`${url}/api/v2/alerts`)).json()) as Seen;
        return seen.length === alerts.length && seen.every(({ status }) => status.state !== "unprocessed");
      });
      found = seen
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => labels.seen!)
        .sort();
    } finally {
      running.kill();
      await running;
    }
  });
  return found;
}

test("a critical alert silences the warning about the same disk, budget or queue, and about no other", async () => {
  const disk = { job: "node-exporter", instance: "a:9100", device: "/dev/sda1", fstype: "ext4" };
  const full = { alertname: "HostDiskFull", cause: "disk-space", severity: "critical" };
  const filling = { alertname: "HostDiskFilling", cause: "disk-space", severity: "warning" };
  const spent = { alertname: "LlmBudgetExhausted", cause: "llm-budget", severity: "critical" };
  const forecast = { alertname: "LlmBudgetForecastExceeded", cause: "llm-budget", severity: "warning" };
  const queue = { job: "otel-collector", instance: "c:8888", exporter: "otlp_http/loki" };
  const queueFull = { alertname: "StackQueueFull", cause: "collector-queue", severity: "critical" };
  const queueFilling = { alertname: "StackQueueFilling", cause: "collector-queue", severity: "warning" };
  expect(
    await inhibited([
      { ...full, ...disk, mountpoint: "/", seen: "the full disk" },
      { ...filling, ...disk, mountpoint: "/", seen: "the same disk" },
      { ...filling, ...disk, mountpoint: "/data", seen: "another disk" },
      { ...spent, budget: "month", scope: "all", seen: "the spent budget" },
      { ...forecast, budget: "month", scope: "all", seen: "the same budget" },
      { ...forecast, budget: "chat", scope: "feature", seen: "another budget" },
      { ...queueFull, ...queue, data_type: "logs", seen: "the full queue" },
      { ...queueFilling, ...queue, data_type: "logs", seen: "the same queue" },
      { ...queueFilling, ...queue, data_type: "metrics", seen: "another queue" },
    ]),
  ).toEqual(["the same budget", "the same disk", "the same queue"]);
}, 60_000);

test("alerts of a drill silence none of the real ones, and are silenced by none", async () => {
  const labels = { cause: "disk-space", instance: "a:9100", mountpoint: "/" };
  expect(
    await inhibited([
      { ...labels, alertname: "HostDiskFull", severity: "critical", drill: "1", seen: "drilled" },
      { ...labels, alertname: "HostDiskFilling", severity: "warning", seen: "real" },
      { ...labels, alertname: "HostDiskFilling", severity: "warning", drill: "2", seen: "another drill" },
    ]),
  ).toEqual([]);
}, 60_000);
