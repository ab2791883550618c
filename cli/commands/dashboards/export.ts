import type { Command } from "commander";
import { action } from "../../context.js";
import { examples } from "../../examples.js";

export function registerExport(dashboards: Command): void {
  dashboards
    .command("export")
    .summary("write dashboards as the JSON that Grafana imports")
    .description(
      "Writes the JSON that Grafana is given, links to runbooks filled in: to stdout, or one <uid>.json each into a folder.",
    )
    .argument("[uid...]", "which dashboards (default: all of the definition)")
    .option("--out <folder>", "write files here; without, one dashboard is printed")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards export host > host.json", "for another Grafana: Dashboards > New > Import"],
        ["obs dashboards export --out exported", "all of them"],
      ]),
    )
    .action(
      action(async (context, { out }: { out?: string }, uids: string[]) => {
        const { generatedOf, ofUids } = await import("../../generated-dashboards.js");
        const { ProblemError } = await import("../../../stack/validate/problem.js");
        const all = await generatedOf(await context.project());
        const dashboards = ofUids(all.dashboards, uids);
        const texts = dashboards.map((dashboard) => ({
          file: `${dashboard.uid}.json`,
          text: `${JSON.stringify(dashboard, null, 2)}\n`,
        }));
        if (out === undefined) {
          if (texts.length > 1)
            throw new ProblemError([
              {
                id: "several-dashboards",
                severity: "error",
                what: `${texts.length} dashboards can't be printed as one.`,
                next: "Name one of them, or a folder: --out <folder>.",
              },
            ]);
          if (texts[0]) context.print(texts[0].text.trimEnd());
          return 0;
        }
        const [{ join, resolve }, { mkdir }, { default: writeFileAtomic }] = await Promise.all([
          import("node:path"),
          import("node:fs/promises"),
          import("write-file-atomic"),
        ]);
        await mkdir(resolve(out), { recursive: true });
        for (const { file, text } of texts) {
          await writeFileAtomic(join(resolve(out), file), text, { fsync: false });
          context.print(join(out, file));
        }
        return 0;
      }),
    );
}
