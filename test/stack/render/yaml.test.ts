import { load } from "js-yaml";
import { toYaml } from "../../../stack/render/yaml.js";

test("strings that some reader of YAML would take for something else are quoted", () => {
  const value = [
    "on",
    "no",
    "012",
    "0o14",
    "1:30",
    "1e3",
    "~",
    "null",
    "0x1f",
    "",
    " a",
    "a: b",
    "# c",
    "2024-01-01",
  ];
  const text = toYaml(value);
  expect(text.split("\n").filter((line) => line !== "" && !/^- ["']/.test(line))).toEqual([]);
  expect(load(text)).toEqual(value);
});

test("long lines are not folded and repeated objects not aliased", () => {
  const shared = { expr: "x ".repeat(200).trim() };
  const text = toYaml({ a: shared, b: shared });
  expect(text).not.toMatch(/[&*]/);
  expect(text.split("\n").length).toBe(5);
});

test("the banner stands on top as comments", () => {
  expect(toYaml({ a: 1 }, { banner: ["one", "two"] })).toBe("# one\n# two\na: 1\n");
});
