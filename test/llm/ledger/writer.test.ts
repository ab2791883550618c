import type { Batch, Written } from "../../../llm/ledger/store.js";
import { TryLater, Writer } from "../../../llm/ledger/writer.js";

const batch = (...names: string[]) =>
  ({ calls: names.map((spanId) => ({ spanId })), runs: [] }) as unknown as Batch;
const names = ({ calls }: Batch) => calls.map(({ spanId }) => spanId);
const nothing: Written = { billed: [], nested: 0, known: 0, runs: 0 };

function writer(write: (batch: Batch) => Promise<Written>) {
  const heard = { rejected: 0, failed: 0 };
  return {
    heard,
    writer: new Writer(write, {
      written: () => {},
      rejected: (count) => {
        heard.rejected += count;
      },
      failed: () => {
        heard.failed += 1;
      },
    }),
  };
}

test("what comes while something is written goes together into the next transaction", async () => {
  const written: string[][] = [];
  const { writer: it } = writer(async (each) => {
    written.push(names(each));
    return nothing;
  });
  const first = it.add(batch("a"));
  // The first is under way once its turn has come.
  await Promise.resolve();
  await Promise.all([first, it.add(batch("b")), it.add(batch("c"))]);
  expect(written).toEqual([["a"], ["b", "c"]]);
});

test("nothing is answered for before it is written", async () => {
  let commit = () => {};
  const { writer: it } = writer(
    () =>
      new Promise((resolve) => {
        commit = () => resolve(nothing);
      }),
  );
  let answered = false;
  const added = it.add(batch("a")).then(() => {
    answered = true;
  });
  await new Promise(setImmediate);
  expect(answered).toBe(false);
  commit();
  await added;
  expect(answered).toBe(true);
});

test("a row that the database refuses is given up alone", async () => {
  const written: string[] = [];
  const { writer: it, heard } = writer(async (each) => {
    if (names(each).includes("bad")) throw Object.assign(new Error("no such value"), { code: "22003" });
    written.push(...names(each));
    return nothing;
  });
  expect(await it.add(batch("a", "b", "bad", "c", "d"))).toEqual({ rejected: 1 });
  expect(written).toEqual(["a", "b", "c", "d"]);
  expect(heard).toEqual({ rejected: 1, failed: 0 });
});

test("when the database fails, senders are to come again, and the next attempt is a new one", async () => {
  let fails = true;
  const { writer: it, heard } = writer(async () => {
    if (fails) throw Object.assign(new Error("disk full"), { code: "53100" });
    return nothing;
  });
  await expect(it.add(batch("a"))).rejects.toThrow(TryLater);
  fails = false;
  await expect(it.add(batch("a"))).resolves.toEqual({ rejected: 0 });
  expect(heard).toEqual({ rejected: 0, failed: 1 });
});

test("more than can wait is sent back", async () => {
  const { writer: it } = writer(() => new Promise(() => {}));
  void it.add(batch(...Array.from({ length: 20_000 }, (_, at) => String(at))));
  await expect(it.add(batch("one too many"))).rejects.toThrow(TryLater);
});
