import { ask, RequestError } from "../../../../dashboards/preview/page/data/request.js";

interface Sent {
  path: string;
  init: RequestInit;
  answer(body: unknown, status?: number): void;
}

let sent: Sent[];
const real = globalThis.fetch;

beforeEach(() => {
  sent = [];
  globalThis.fetch = ((path: string, init: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason));
      sent.push({
        path,
        init,
        answer: (body, status = 200) => resolve(new Response(JSON.stringify(body), { status })),
      });
    })) as typeof fetch;
});

afterEach(() => {
  globalThis.fetch = real;
});

/** Lets everything happen that waits for nothing from outside. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the same question at a time is sent once, and answered to all who ask", async () => {
  const answers = [ask("/same"), ask("/same", { signal: new AbortController().signal })];
  await settled();
  expect(sent).toHaveLength(1);
  sent[0]!.answer({ one: 1 });
  expect(await Promise.all(answers)).toEqual([{ one: 1 }, { one: 1 }]);
  const again = ask("/same");
  await settled();
  expect(sent).toHaveLength(2);
  sent[1]!.answer({});
  await again;
});

test("a question is taken back when nobody waits for it any more, and not before", async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const answers = Promise.allSettled([
    ask("/q", { signal: one.signal }),
    ask("/q", { signal: other.signal }),
  ]);
  await settled();
  one.abort();
  expect(sent[0]!.init.signal!.aborted).toBe(false);
  other.abort();
  expect(sent[0]!.init.signal!.aborted).toBe(true);
  for (const answer of await answers)
    expect(answer).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
});

test("five are sent at a time, the others in their turn", async () => {
  const answers = Promise.all(Array.from({ length: 8 }, (_, at) => ask(`/${at}`)));
  await settled();
  expect(sent.map(({ path }) => path)).toEqual(["/0", "/1", "/2", "/3", "/4"]);
  sent[2]!.answer({});
  await settled();
  await settled();
  expect(sent).toHaveLength(6);
  for (let at = 0; at < 8; at++) {
    sent[at]?.answer({});
    await settled();
    await settled();
  }
  await answers;
});

test("forms and JSON are sent as what they are", async () => {
  const answers = [
    ask("/form", { body: new URLSearchParams({ query: "up" }) }),
    ask("/json", { body: { sql: "1" } }),
  ];
  await settled();
  expect(sent.map(({ init: { body, headers, method } }) => [method, body, headers])).toEqual([
    ["POST", "query=up", { "content-type": "application/x-www-form-urlencoded" }],
    ["POST", '{"sql":"1"}', { "content-type": "application/json" }],
  ]);
  for (const each of sent) each.answer({});
  await Promise.all(answers);
});

test("a refusal comes with its words and its next step", async () => {
  const refused = ask("/q");
  await settled();
  sent[0]!.answer({ error: { status: 413, what: "Too much.", next: "Ask for less." } }, 413);
  await expect(refused).rejects.toEqual(new RequestError("Too much.", 413, "Ask for less."));
  await expect(refused).rejects.toMatchObject({ status: 413, next: "Ask for less." });
});
