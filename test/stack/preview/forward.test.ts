import type { ServerResponse } from "node:http";
import { forward, StoreDown } from "../../../stack/preview/forward.js";
import { withPlayedServer } from "../../support/played-server.js";

const never = new AbortController().signal;
const small = { seconds: 30, megabytes: 0.01, series: 3 };

/** What asking a store that answers in some way comes to: its text, or the refusal. */
async function asked(
  answer: (response: ServerResponse) => void,
  bounds: typeof small = { ...small, megabytes: 1 },
): Promise<string> {
  let outcome = "";
  await withPlayedServer(
    (_, response) => answer(response),
    async (address) => {
      const store = { uid: "p", type: "prometheus", name: "Prometheus", address, ready: "" };
      outcome = await forward(store, { method: "GET", path: "/api/v1/query?query=up" }, never, bounds).then(
        (body) => body.toString(),
        ({ status, what }: { status: number; what: string }) => `${status} ${what}`.replace(address, "HOST"),
      );
    },
  );
  return outcome;
}

const series = (count: number) =>
  JSON.stringify({
    data: { result: Array.from({ length: count }, () => ({ metric: { a: '"metric":{' } })) },
  });

test("an answer is given as it came", async () => {
  expect(await asked((response) => response.end('{"status":"success"}'))).toBe('{"status":"success"}');
});

test("as many series as allowed are let through, though a label looks like one", async () => {
  expect(await asked((response) => response.end(series(3)))).toBe(series(3));
});

test("more series than allowed are refused, however the answer is cut", async () => {
  const cut = (response: ServerResponse) => {
    for (const letter of series(4)) response.write(letter);
    response.end();
  };
  expect(await asked(cut)).toBe("413 Prometheus answers with more than 3 series.");
});

test("an answer without end is refused as soon as it is too large", async () => {
  const endless = (response: ServerResponse) => {
    const more = () => {
      while (response.write("x".repeat(1_000)));
      response.once("drain", more);
    };
    more();
  };
  expect(await asked(endless, small)).toBe("413 Prometheus answers with more than 0.01 MB.");
});

test("a store that doesn't answer in time is given up", async () => {
  expect(await asked(() => {}, { ...small, seconds: 0.05 })).toBe(
    "504 Prometheus took longer than 0.05 seconds.",
  );
});

test("an answer that trickles is given up, too", async () => {
  expect(await asked((response) => response.write("{"), { ...small, seconds: 0.05 })).toMatch(/^504 /);
});

test("nobody is followed elsewhere", async () => {
  const away = (response: ServerResponse) => response.writeHead(302, { location: "http://10.0.0.1/" }).end();
  expect(await asked(away)).toBe(
    "502 Prometheus leads elsewhere (http://10.0.0.1/), where the preview doesn't follow.",
  );
});

test.each([
  [400, '{"status":"error","error":"1:4: parse error"}', "400 Prometheus: 1:4: parse error"],
  [422, '{"errors":[{"msg":"no such trace"}]}', "422 Prometheus: no such trace"],
  [500, "too many outstanding requests\n", "500 Prometheus: too many outstanding requests"],
  [503, "", "503 Prometheus: it gives no reason"],
])("a store that says %i is quoted", async (status, text, expected) => {
  expect(await asked((response) => response.writeHead(status).end(text))).toBe(expected);
});

test("a store that hangs up is down", async () => {
  expect(await asked((response) => response.destroy())).toMatch(/^502 Prometheus can't be reached at HOST/);
});

test("a store where nothing listens is down, and it is said how to start it", async () => {
  let address = "";
  await withPlayedServer(
    () => {},
    async (free) => {
      address = free;
    },
  );
  const store = { uid: "p", type: "prometheus", name: "Prometheus", address, ready: "" };
  const refusal = await forward(store, { method: "GET", path: "/" }, never).catch((error) => error);
  expect(refusal).toBeInstanceOf(StoreDown);
  expect(refusal.answer).toEqual({
    error: {
      status: 502,
      what: `Prometheus doesn't run: nothing listens at ${address}.`,
      next: "`obs status` tells what runs; `obs up` starts what doesn't.",
    },
  });
});

test("whoever stops waiting stops the store's work, too", async () => {
  const control = new AbortController();
  let hungUp: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    hungUp = resolve;
  });
  await withPlayedServer(
    (_, response) => {
      response.on("close", hungUp);
      control.abort();
    },
    async (address) => {
      const store = { uid: "p", type: "prometheus", name: "Prometheus", address, ready: "" };
      await expect(forward(store, { method: "GET", path: "/" }, control.signal)).rejects.toThrow();
      await gone;
    },
  );
});
