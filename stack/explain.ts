import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** What docs/checks says about one kind of finding. */
export interface CheckPage {
  id: string;
  /** Its first paragraph, in one line. */
  summary: string;
  /** All of it, Markdown. */
  text: string;
}

const folder = join(packageRoot, "docs", "checks");

/** The page about a finding's id; undefined where there is none. */
export function checkPage(id: string): CheckPage | undefined {
  const file = join(folder, `${id}.md`);
  if (!/^[\w-]+$/.test(id) || !existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  const paragraph = text.split(/\n\s*\n/).find((each) => each.trim() !== "" && !each.startsWith("#")) ?? "";
  return { id, summary: paragraph.trim().replaceAll(/\s+/g, " "), text };
}

/** The ids of every finding that has a page, sorted. */
export function explainedIds(): string[] {
  return readdirSync(folder)
    .flatMap((name) => /^([\w-]+)\.md$/.exec(name)?.[1] ?? [])
    .sort();
}
