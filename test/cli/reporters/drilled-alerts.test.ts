import pc from "picocolors";
import { alertLines } from "../../../cli/reporters/drilled-alerts.js";
import type { Hop } from "../../../stack/verify/hop.js";

const steps = ["breach", "pending", "firing", "grouped", "delivered", "resolved"];
const colors = pc.createColors(false);

function shown(failing?: string): (string | undefined)[] {
  const show = alertLines();
  const broken = failing === undefined ? steps.length : steps.indexOf(failing);
  return steps.map((step, at) => {
    const state = at < broken ? "passed" : at === broken ? "failed" : "skipped";
    const hop: Hop = { id: `${step}:ShopErrors`, title: `ShopErrors: ${step}`, state, ms: 500 };
    return show(hop, colors);
  });
}

test("an alert that went all the way is one line, once it has resolved, that fits into 80 columns", () => {
  const lines = shown();
  expect(lines.slice(0, -1)).toEqual(steps.slice(0, -1).map(() => undefined));
  expect(lines.at(-1)).toMatch(/^✔ ShopErrors +firing 1\.5 s · delivered 1\.0 s · resolved 0\.5 s$/);
  expect(lines.at(-1)!.length).toBeLessThanOrEqual(80);
});

test("of an alert that did not, every hop is shown", () => {
  const text = shown("delivered").at(-1)!;
  expect(text.split("\n").map((line) => line.slice(0, 2))).toEqual(["✔ ", "✔ ", "✔ ", "✔ ", "✖ ", "– "]);
});
