import { ledgerAccess } from "../../../llm/costs/ledger.js";
import { stackSchema } from "../../../stack/define.js";
import { ProblemError } from "../../../stack/validate/problem.js";
import { withProject } from "../../support/temporary-project.js";

const env = [
  "OBS_LEDGER_DATABASE_PASSWORD=wr/te",
  "OBS_LEDGER_READER_PASSWORD=read",
  "OBS_LEDGER_USER_KEY=key",
  "MY_DATABASE=postgres://me@db.internal/costs",
  "DATABASE_URL=postgres://me@elsewhere/costs",
].join("\n");

const withoutLedger = { ledger: { enabled: false } };

function access(llm: object, dotEnv: string, role: "reader" | "writer" = "reader") {
  const stack = stackSchema.parse({ name: "shop", llm, ports: { postgres: 15433 } });
  return new Promise<Awaited<ReturnType<typeof ledgerAccess>>>((resolve, reject) => {
    withProject({ ".env": dotEnv }, ({ project }) =>
      ledgerAccess(project, stack, role).then(resolve, reject),
    ).catch(reject);
  });
}

test("the stack's own ledger is read as who may only read it, and repriced as who may write", async () => {
  expect((await access({}, env)).url).toBe("postgres://obs_reader:read@127.0.0.1:15433/postgres");
  expect((await access({}, env, "writer")).url).toBe("postgres://obs:wr%2Fte@127.0.0.1:15433/postgres");
});

test("another database is the one that the definition names, else that of DATABASE_URL", async () => {
  const named = { ledger: { databaseUrl: { secret: "MY_DATABASE" } } };
  expect((await access(named, env)).url).toBe("postgres://me@db.internal/costs");
  expect((await access(withoutLedger, env)).url).toBe("postgres://me@elsewhere/costs");
});

test("users are hashed with the ledger's key, and not at all without it", async () => {
  const { hashUser } = await access({}, env);
  expect(hashUser("alice")).toMatch(/^[0-9a-f]{32}$/);
  expect(hashUser("alice")).not.toBe(hashUser("bob"));
  const { hashUser: without } = await access(withoutLedger, "DATABASE_URL=postgres://me@elsewhere/costs");
  expect(() => without("alice")).toThrow(ProblemError);
});

test.each([
  [{}, "The ledger of calls has never run here."],
  [withoutLedger, "There is no ledger of calls to ask."],
])("where there is none, %j, that is said", async (llm, what) => {
  await expect(access(llm, "NOTHING=1")).rejects.toThrow(what);
});
