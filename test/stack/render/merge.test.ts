import { mergeOverride } from "../../../stack/render/merge.js";

describe("mergeOverride", () => {
  test("merges objects key by key, keeps the rendered order, and appends what is new", () => {
    const merged = mergeOverride({ b: { x: 1, y: 2 }, a: 1 }, { c: 3, b: { y: 4 } });
    expect(JSON.stringify(merged)).toBe('{"b":{"x":1,"y":4},"a":1,"c":3}');
  });

  test("replaces lists and scalars", () => {
    expect(mergeOverride({ list: [1, 2], text: "a" }, { list: [3], text: "b" })).toEqual({
      list: [3],
      text: "b",
    });
  });

  test("removes what is null, at any depth", () => {
    expect(mergeOverride({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: null }, d: null })).toEqual({ a: { c: 2 } });
  });

  test("leaves no null behind in what only the override has", () => {
    expect(mergeOverride({}, { a: { b: null, c: 1 } })).toEqual({ a: { c: 1 } });
  });

  test("lets an object take the place of a scalar or a list, and the other way round", () => {
    expect(mergeOverride({ a: 1, b: [1], c: { d: 1 } }, { a: { x: 1 }, b: { y: 2 }, c: "text" })).toEqual({
      a: { x: 1 },
      b: { y: 2 },
      c: "text",
    });
  });

  test("changes neither argument", () => {
    const rendered = { a: { b: 1 } };
    const override = { a: { c: 2 } };
    mergeOverride(rendered, override);
    expect([rendered, override]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });

  test("is the rendered value where there is no override", () => {
    const rendered = { a: 1 };
    expect(mergeOverride(rendered, undefined)).toBe(rendered);
  });
});
