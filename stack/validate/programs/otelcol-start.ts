import { readFile } from "node:fs/promises";
import { freePort } from "../../free-port.js";
import { isMapping } from "../../render/merge.js";
import type { ProgramCheck } from "./program-check.js";

const loopback = "127.0.0.1";

/**
 * Starts the collector for a moment, with its own ports exchanged for free ones: `otelcol validate` passes what only
 * fails when the components are made (a storage that isn't defined, sampling policies that can't be).
 */
export const otelcolStart: ProgramCheck = {
  id: "otelcol-start",
  program: "otelcol",
  title: "a short start of otelcol",
  owner: "otel-collector",
  startedWhen: /Everything is ready\. Begin running and processing data\./,
  async args(layout) {
    const file = `${layout.configDir("otel-collector")}/otel-collector.yml`;
    const { load } = await import("js-yaml");
    const config = load(await readFile(file, "utf8"));
    const aside = await elsewhere(isMapping(config) ? config : {});
    return [`--config=${file}`, `--config=yaml:${JSON.stringify(aside)}`];
  },
  findings({ lines, failed }, layout) {
    if (!failed) return [];
    // Its log up to there is no part of the message.
    const message = lines.filter((line) => line.trim() !== "" && !line.startsWith("{")).map(layout.shown);
    return [
      {
        severity: "error",
        what: "The collector does not start with its configuration, though it reads well.",
        output: message.length > 0 ? message : lines.slice(-5).map(layout.shown),
      },
    ];
  },
};

/** What to lay over a configuration so that its start collides with nothing: other ports, no metrics of its own. */
async function elsewhere(config: Record<string, unknown>): Promise<object> {
  const [receivers, extensions] = await Promise.all([
    otherEndpoints(config.receivers),
    otherEndpoints(config.extensions),
  ]);
  return {
    ...(receivers && { receivers }),
    ...(extensions && { extensions }),
    service: { telemetry: { metrics: { level: "none" } } },
  };
}

/** The same nesting with nothing in it but `endpoint`s, each on a free port; undefined where there is none. */
async function otherEndpoints(value: unknown): Promise<object | undefined> {
  if (!isMapping(value)) return undefined;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, inner]) => [
      key,
      key === "endpoint" && typeof inner === "string"
        ? `${loopback}:${await freePort()}`
        : await otherEndpoints(inner),
    ]),
  );
  const found = entries.filter(([, inner]) => inner !== undefined);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
