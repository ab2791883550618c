import {
  type Change,
  diffServices,
  mustStopFirst,
  type Running,
  type Wanted,
} from "../../../../stack/runtime/native/diff.js";

const processHash = { program: "p", arguments: "a", environment: "e", secrets: "s" };
const running: Running = { name: "loki", alive: true, processHash, filesHash: "f" };
const wanted: Wanted = { name: "loki", processHash, filesHash: "f", filesInPlace: true, reload: "restart" };
const diff = (now: Partial<Running> | undefined, then: Partial<Wanted> | undefined) =>
  diffServices(now ? [{ ...running, ...now }] : [], then ? [{ ...wanted, ...then }] : []);

test.each<[string, Partial<Running> | undefined, Partial<Wanted> | undefined, Omit<Change, "name">]>([
  ["new", undefined, {}, { action: "start" }],
  ["the same", {}, {}, { action: "unchanged" }],
  ["dead", { alive: false }, {}, { action: "start", why: "was not running" }],
  ["no longer wanted", {}, undefined, { action: "remove", why: "no longer part of the stack" }],
  [
    "given other arguments and secrets",
    {},
    { processHash: { ...processHash, arguments: "b", secrets: "t" }, reload: "SIGHUP" },
    { action: "restart", why: "arguments, secrets changed" },
  ],
  ["given other files", {}, { filesHash: "g" }, { action: "restart", why: "configuration changed" }],
  [
    "given other files it can reload",
    {},
    { filesHash: "g", reload: "SIGHUP" },
    { action: "reload", why: "configuration changed" },
  ],
  [
    "changed by hand",
    {},
    { filesInPlace: false, reload: "SIGHUP" },
    { action: "reload", why: "configuration changed" },
  ],
])("a service that is %s", (_what, now, then, change) => {
  expect(diff(now, then)).toEqual([{ name: "loki", ...change }]);
});

test("only a service whose port goes to another one must stop before that starts", () => {
  const changes: Change[] = [
    { name: "loki", action: "restart" },
    { name: "jaeger", action: "remove" },
    { name: "tempo", action: "start" },
    { name: "prometheus", action: "unchanged" },
  ];
  const now: Record<string, string[]> = { loki: ["tcp :1"], jaeger: ["tcp :2"], prometheus: ["tcp :3"] };
  const then: Record<string, string[]> = { loki: ["tcp :1"], tempo: ["tcp :2"], prometheus: ["tcp :3"] };
  expect(
    mustStopFirst(
      changes,
      (name) => now[name] ?? [],
      (name) => then[name] ?? [],
    ),
  ).toEqual(["jaeger"]);
});
