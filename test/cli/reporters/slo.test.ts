import { formatSlos } from "../../../cli/reporters/slo.js";
import { exhaustedIn, reportSlos, type SloStatus } from "../../../stack/slo/report.js";
import { ProblemError } from "../../../stack/validate/problem.js";
import { freePorts } from "../../support/free-ports.js";

const day = 86_400;
const fine: SloStatus = {
  service: "checkout",
  slo: "availability",
  owner: "shop",
  objective: 99.9,
  window: "30d",
  labels: {},
  achieved: 99.9512,
  budget: { remaining: 0.512, seconds: 1327, events: 5120.7 },
  burnRate: 1.2345,
  exhaustedIn: exhaustedIn(0.512, 1.2345, 30 * day),
};

test("a report says of each SLO what is left, how it burns and when it is gone", () => {
  const slos: SloStatus[] = [
    fine,
    { ...fine, slo: "calm", burnRate: 0, exhaustedIn: null },
    {
      ...fine,
      slo: "spent",
      labels: { model: "a" },
      achieved: 99.8,
      budget: { remaining: -1, seconds: -2592, events: null },
      burnRate: 20,
      exhaustedIn: 0,
    },
    { ...fine, slo: "idle", burnRate: null, exhaustedIn: null },
    { ...fine, slo: "unknown", achieved: null, budget: null, burnRate: null, exhaustedIn: null },
  ];
  expect(formatSlos(slos, { color: false }).split("\n")).toEqual([
    "  service    slo               objective         now        budget left                           burns     gone in",
    "  checkout   availability      99.9 % over 30d   99.951 %   51.2 %        22 min or 5120 events   1.23x     12 d 10 h",
    "  checkout   calm              99.9 % over 30d   99.951 %   51.2 %        22 min or 5120 events   0x        never, at this pace",
    "  checkout   spent (model=a)   99.9 % over 30d   99.8 %     -100 %        -43 min                 20x       it is gone",
    "  checkout   idle              99.9 % over 30d   99.951 %   51.2 %        22 min or 5120 events   no data",
    "  checkout   unknown           99.9 % over 30d   no data",
  ]);
  expect(formatSlos([], { color: false })).toMatch(/^The running stack has no SLO, or/);
});

test("at twice the pace half a budget of 30 days lasts a quarter of them", () => {
  expect(exhaustedIn(0.5, 2, 30 * day)).toBe(7.5 * day);
  expect(exhaustedIn(1, 1, 30 * day)).toBe(30 * day);
  expect(exhaustedIn(0, 1, 30 * day)).toBe(0);
  expect(exhaustedIn(0.5, 0, 30 * day)).toBeNull();
  expect(exhaustedIn(0.5, null, 30 * day)).toBeNull();
});

test("a Prometheus that doesn't answer is a finding, and the report could not run", async () => {
  const [port] = await freePorts(1);
  const asked = reportSlos(`http://127.0.0.1:${port}`, new AbortController().signal);
  const error = await asked.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error.exitCode).toBe(2);
  expect(error.problems).toMatchObject([
    { id: "slo-prometheus", what: expect.stringContaining("doesn't listen") },
  ]);
});
