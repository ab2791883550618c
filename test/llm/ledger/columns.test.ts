import { type Column, namesOf, parametersOf, unnested } from "../../../llm/ledger/columns.js";

interface Row {
  name: string | null;
  count: number | null;
}

const columns: Column<Row>[] = [
  ["name", "text", ({ name }) => name],
  ["count", "bigint", ({ count }) => count],
];

test("columns become a statement's names and parameters", () => {
  expect(namesOf(columns)).toBe('"name", "count"');
  expect(unnested(columns)).toBe("unnest($1::text[], $2::bigint[])");
});

test("rows become a list for each column, and nothing in them becomes part of the list's own marks", () => {
  const rows = [
    { name: 'a "b" \\c', count: 1 },
    { name: null, count: null },
    { name: "NULL", count: 2.5 },
    { name: "", count: 1e21 },
  ];
  expect(parametersOf(columns, rows)).toEqual(['{"a \\"b\\" \\\\c",NULL,"NULL",""}', "{1,NULL,2.5,1e+21}"]);
});

test("a column without any value is an empty list, which the database fills up", () => {
  expect(parametersOf(columns, [{ name: "a", count: null }])).toEqual(['{"a"}', "{}"]);
});
