import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { findProgram } from "../../stack/toolchain/find.js";
import { type AlertMatcher, takes, type Verdict } from "../../stack/validate/alerting/matchers.js";
import { reached } from "../../stack/validate/alerting/reached.js";
import { routing } from "../../stack/validate/alerting/routing.js";
import type { CheckContext } from "../../stack/validate/check.js";
import { seededRandom } from "../support/random.js";
import { withFolder } from "../support/temporary-folder.js";

type Json = Record<string, unknown>;

const random = seededRandom(20_261_121);
const one = <T>(list: readonly T[]): T => random.pick(list);
const chance = (percent: number) => random.below(100) < percent;

const labels = ["severity", "team", "service", "cluster"];
const values = ["critical", "warning", "search", "api", "eu-1", "a.b", "a b", "1"];
const regexps = [
  ...["critical|warning", "crit.*", ".*", ".+", "a.b", "(search|api)", "(?i)CRITICAL", "[a-c]+", "eu-\\\\d"],
  ...["", "^warning$", "a\\\\.b"],
];

/** A matcher in any of the forms that Alertmanager reads. */
function matcher(): string {
  const label = chance(10) ? `"${one(labels)}"` : one(labels);
  const blank = chance(20) ? " " : "";
  if (chance(35)) return `${label}${blank}${one(["=~", "!~"])}${blank}"${one(regexps)}"`;
  const value = chance(15) ? "" : one(values);
  const bare = /^[\w-]+$/.test(value) && chance(30);
  return `${label}${blank}${one(["=", "!="])}${blank}${bare ? value : `"${value}"`}`;
}

function route(depth: number): Json {
  const several = chance(15);
  const matchers = Array.from({ length: random.below(3) + (several ? 1 : 0) }, matcher);
  const children = depth === 0 ? 0 : random.below(4);
  return {
    ...(chance(85) && { receiver: one(receivers) }),
    ...(matchers.length > 0 && { matchers: several ? [`{${matchers.join(", ")}}`] : matchers }),
    ...(chance(10) && { match: { [one(labels)]: one(values) } }),
    ...(chance(10) && { match_re: { [one(labels)]: one(["critical|warning", "a.*", ".+"]) } }),
    ...(chance(30) && { continue: true }),
    ...(children > 0 && { routes: Array.from({ length: children }, () => route(depth - 1)) }),
  };
}

const receivers = ["oncall", "search", "tickets", "archive"];

function tree(): Json {
  return {
    receiver: "everybody",
    routes: Array.from({ length: 1 + random.below(4) }, () => route(3)),
  };
}

const labelSet = (): Record<string, string> =>
  Object.fromEntries(labels.flatMap((label) => (chance(60) ? [[label, one(values)]] : [])));

/** The receivers by what obs makes of a rendered route. */
function judged(config: Json, alert: Record<string, string>): string[] {
  // Of a context, only what is rendered and whether it is an override's is looked at.
  const context = {
    definitionFile: "obs.config.ts",
    read: () => config,
    input: { stack: { overrides: { alertmanager: config }, alerting: { route: {} } } },
  } as unknown as CheckContext;
  const fulfils = (matchers: readonly AlertMatcher[]): Verdict => {
    const verdicts = matchers.map((each) => takes(each, alert[each.label] ?? ""));
    expect(verdicts).not.toContain("maybe");
    return verdicts.includes("no") ? "no" : "yes";
  };
  return reached(routing(context), fulfils).map(({ receiver }) => receiver);
}

const trees = 60;
const alertsEach = 6;

test("obs sends every alert to the receivers that amtool sends it to", async () => {
  const amtool = (await findProgram("amtool"))!.path;
  await withFolder(async (folder) => {
    const cases = Array.from({ length: trees }, (_, at) => {
      const config = { route: tree(), receivers: ["everybody", ...receivers].map((name) => ({ name })) };
      const file = join(folder, `${at}.yml`);
      writeFileSync(file, JSON.stringify(config));
      return Array.from({ length: alertsEach }, () => ({ config, file, alert: labelSet() }));
    }).flat();
    const differences: unknown[] = [];
    let sent = 0;
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < cases.length; at = next++) {
        const { config, file, alert } = cases[at]!;
        const set = Object.entries(alert).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
        const { stdout } = await execa(amtool, ["config", "routes", "test", `--config.file=${file}`, ...set]);
        const own = judged(config, alert).join(",");
        if (own !== "everybody") sent++;
        if (own !== stdout.trim()) differences.push({ config: config.route, alert, amtool: stdout, own });
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    expect(differences).toEqual([]);
    // Else little would be shown by it.
    expect(sent).toBeGreaterThan((trees * alertsEach) / 3);
  });
}, 120_000);
