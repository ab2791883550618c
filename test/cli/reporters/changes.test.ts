import { formatChanges } from "../../../cli/reporters/changes.js";

const show = (changes: Parameters<typeof formatChanges>[0], written = false) =>
  formatChanges(changes, { written, color: false });

test("no change is one line", () => {
  expect(show([])).toBe("✔ All generated files are up to date.");
});

test("an outdated file is shown with the lines that differ", () => {
  expect(
    show([
      { path: "docker-compose.yml", change: "changed", before: "a\nb\nc\n", after: "a\nB\nc\nd\n" },
      { path: "stack/generated/new.yml", change: "added", after: "x\n" },
      { path: "stack/generated/old.yml", change: "removed", before: "x\n" },
    ]),
  ).toBe(
    [
      "~ docker-compose.yml",
      "       2 - b",
      "       2 + B",
      "       4 + d",
      "+ stack/generated/new.yml (added)",
      "- stack/generated/old.yml (removed)",
      "✖ 3 files out of date. Run obs generate and commit what it writes.",
    ].join("\n"),
  );
});

test("of a long difference only the start is shown", () => {
  const lines = (letter: string) => Array.from({ length: 20 }, (_, at) => `${letter}${at}\n`).join("");
  const text = show([{ path: "a", change: "changed", before: lines("x"), after: lines("y") }]);
  expect(text.split("\n")).toHaveLength(1 + 12 + 1 + 1);
  expect(text).toContain("… 28 more lines differ");
});

test("what was written is listed without its difference", () => {
  expect(show([{ path: "a", change: "changed", before: "x", after: "y" }], true)).toBe(
    "~ a\n✔ 1 file written. Commit it with the definition.",
  );
});
