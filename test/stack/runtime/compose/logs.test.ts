import { readLogLine } from "../../../../stack/runtime/compose/logs.js";

describe("readLogLine", () => {
  test("takes service, time and text apart", () => {
    expect(readLogLine("otel-collector-1  | 2026-11-21T09:29:02.620541844Z a | b")).toEqual({
      service: "otel-collector",
      time: "2026-11-21T09:29:02.620541844Z",
      text: "a | b",
    });
  });

  test("keeps empty lines and leading blanks", () => {
    expect(readLogLine("loki-1 | 2026-11-21T09:29:02.6Z ")?.text).toBe("");
    expect(readLogLine("loki-1 | 2026-11-21T09:29:02.6Z   at main.go")?.text).toBe("  at main.go");
  });

  test("leaves out what is not one of the stack's services", () => {
    expect(
      readLogLine("otel-collector-volume-1 | 2026-11-21T09:29:02.6Z prometheus, version 3"),
    ).toBeUndefined();
    expect(readLogLine("")).toBeUndefined();
  });
});
