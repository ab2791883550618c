import { overrideKeys } from "../../../stack/validate/programs/override-place.js";

const override = {
  global: { scrape_interval: "15", scrape_timeout: "10s" },
  processors: {
    "attributes/a": { actions: [{ key: "x", action: "inject" }] },
    batch: { send_batch_size: 5, send_batch_max_size: 1 },
  },
  service: { pipelines: { logs: { processors: ["attributes/a", "batch"] } } },
};

test.each([
  ['not a valid duration string: "15"', ["global", "scrape_interval"]],
  [
    "'processors' error reading configuration for \"batch\": 'send_batch_size' expected type 'uint32'",
    ["processors", "batch", "send_batch_size"],
  ],
  [
    "processors::batch: send_batch_max_size must be greater or equal to send_batch_size",
    ["processors", "batch"],
  ],
  ["processors::attributes/a: it can't be", ["processors", "attributes/a"]],
  [
    'failed to create "attributes/a": unsupported action "inject"',
    ["processors", "attributes/a", "actions", 0, "action"],
  ],
  ["something else entirely", []],
])("%s", (message, keys) => {
  expect(overrideKeys(override, message, undefined)).toEqual(keys);
});

test("a line of the generated file leads to the override's key, as far as the override goes", () => {
  const generated = "global:\n  evaluation_interval: 5s\n  scrape_interval: '15'\nother:\n  - a: 1\n";
  expect(overrideKeys(override, "line 3: cannot unmarshal", generated)).toEqual([
    "global",
    "scrape_interval",
  ]);
  expect(overrideKeys(override, "line 2: cannot unmarshal", generated)).toEqual(["global"]);
  expect(overrideKeys(override, "line 5: cannot unmarshal", generated)).toEqual([]);
});
