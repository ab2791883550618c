import {
  acceptedNames,
  type CallField,
  callAttributes,
  emittedName,
  operations,
  providers,
} from "../../llm/semconv.js";

const fields = Object.keys(callAttributes) as CallField[];

test("no name is read for two things", () => {
  const names = fields.flatMap((field) => acceptedNames(field).map(({ name }) => name));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test("what is emitted, by default or by choice, is read again first", () => {
  for (const field of fields) {
    expect(acceptedNames(field)[0]?.name).toBe(emittedName(field));
    expect(acceptedNames(field).map(({ name }) => name)).toContain(emittedName(field, "latest"));
  }
  expect(emittedName("cacheWriteTokens", "latest")).toBe("gen_ai.usage.cache_write.input_tokens");
});

test("a name in milliseconds says so, and others have the unit of their attribute", () => {
  const units = Object.fromEntries(acceptedNames("timeToFirstToken").map(({ name, unit }) => [name, unit]));
  expect(units).toMatchObject({ "gen_ai.response.time_to_first_chunk": "s", "llm.ttft_ms": "ms" });
});

test("every alias of a provider or an operation leads to one that stands for itself, in lower case", () => {
  for (const [alias, name] of Object.entries(providers)) {
    expect(alias).toBe(alias.toLowerCase());
    expect(providers[name]).toBe(name);
  }
  for (const alias of Object.keys(operations)) expect(alias).toBe(alias.toLowerCase());
});
