import { checkTypes, parseDiagnostics } from "../../../stack/preview/type-check.js";
import { projectAt } from "../../../stack/project.js";
import { withProject } from "../../support/temporary-project.js";

const settings =
  '{ "compilerOptions": { "noEmit": true, "strict": true, "types": [] }, "include": ["*.ts"] }';
const never = new AbortController().signal;

test("what the compiler says is a finding at its place, with the lines that explain it", () => {
  const said = [
    "dashboards/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    "  Its key is 'y'.",
    "",
    "Found 1 error.",
  ].join("\n");
  expect(parseDiagnostics(projectAt("/project/obs.config.ts"), said)).toEqual([
    {
      id: "type-error",
      severity: "error",
      what: "Type 'string' is not assignable to type 'number'.",
      why: "The TypeScript compiler says so (TS2322).",
      place: { file: "dashboards/a.ts", line: 3, column: 7 },
      output: ["Its key is 'y'."],
    },
  ]);
});

test("the types of a project are checked by a real compiler", async () => {
  await withProject(
    { "tsconfig.json": settings, "obs.config.ts": 'export const n: number = "x";\n' },
    async ({ project, write }) => {
      expect(await checkTypes(project, never)).toMatchObject([
        { id: "type-error", place: { file: "obs.config.ts", line: 1, column: 14 } },
      ]);
      await write({ "obs.config.ts": "export const n: number = 1;\n" });
      expect(await checkTypes(project, never)).toEqual([]);
    },
  );
});

test("a project without tsconfig.json has no types to check", async () => {
  await withProject({ "obs.config.ts": "export default 1;\n" }, async ({ project }) => {
    expect(await checkTypes(project, never)).toBeUndefined();
  });
});
