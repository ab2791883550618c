import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { alertmanagerConfig } from "../alerting/routing.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";
import { mappingAt, strings, textsOf } from "../yaml-values.js";

/**
 * Templates that Alertmanager brings along:
 * https://github.com/prometheus/alertmanager/tree/v0.28.1/template (default.tmpl and email.tmpl)
 */
const builtIn = [
  ...["__alertmanager", "__alertmanagerURL", "__description", "__subject"],
  ...["__text_alert_list", "__text_alert_list_markdown"],
  ...["discord.default.content", "discord.default.message", "discord.default.title"],
  ...["email.default.html", "email.default.subject"],
  ...["jira.default.description", "jira.default.priority", "jira.default.summary"],
  ...["msteams.default.summary", "msteams.default.text", "msteams.default.title"],
  ...["msteamsv2.default.text", "msteamsv2.default.title"],
  ...["opsgenie.default.description", "opsgenie.default.message", "opsgenie.default.source"],
  ...["pagerduty.default.client", "pagerduty.default.clientURL", "pagerduty.default.description"],
  ...["pagerduty.default.instances"],
  ...["pushover.default.message", "pushover.default.title", "pushover.default.url"],
  ...["rocketchat.default.alias", "rocketchat.default.emoji", "rocketchat.default.iconurl"],
  ...["rocketchat.default.text", "rocketchat.default.title", "rocketchat.default.titlelink"],
  ...[
    "slack.default.callbackid",
    "slack.default.fallback",
    "slack.default.footer",
    "slack.default.iconemoji",
  ],
  ...["slack.default.iconurl", "slack.default.pretext", "slack.default.text", "slack.default.title"],
  ...["slack.default.titlelink", "slack.default.username"],
  ...["sns.default.message", "sns.default.subject", "telegram.default.message"],
  ...["victorops.default.entity_display_name", "victorops.default.monitoring_tool"],
  ...["victorops.default.state_message", "webex.default.message"],
  ...["wechat.default.agent_id", "wechat.default.message", "wechat.default.to_party"],
  ...["wechat.default.to_tag", "wechat.default.to_user"],
];

/** Texts of receivers that use a template which no file defines: each such notification fails. */
export const unknownTemplate: Check = {
  id: "unknown-template",
  async run(context) {
    const { receivers } = alertmanagerConfig(context);
    const raw = mappingAt(context.input.stack.overrides.alertmanager, []);
    const uses = strings(receivers, ["receivers"]).flatMap(({ path, text }) =>
      [...text.matchAll(/\{\{-?\s*(?:template|.*?\btmpl\b)\s+"([^"]+)"/g)].map(([, name]) => ({
        path,
        name: name!,
      })),
    );
    if (uses.length === 0) return [];
    const own = await definedIn(context, textsOf(raw.templates));
    // Files that only exist in a container may define anything.
    if (!own) return [];
    const known = [...builtIn, ...renderedTemplates(context), ...own];
    return uses
      .filter(({ name }) => !known.includes(name))
      .map(({ path, name }): Problem => {
        const meant = didYouMean(name, known);
        return {
          id: "unknown-template",
          severity: "error",
          what: `There is no template "${name}".`,
          why: "Alertmanager starts all the same, and every notification that uses it fails.",
          next: meant ? `Did you mean "${meant}"?` : "Define it in a file of alerting.templates.",
          place: atKey(context, placeOf(context, path)),
        };
      });
  },
};

/** Names that the template files of obs and of the definition define; an override of the list leaves them out. */
function renderedTemplates({ input, rendered }: CheckContext): string[] {
  if (input.stack.overrides.alertmanager?.templates !== undefined) return [];
  return rendered.artefacts
    .filter(({ path }) => path.startsWith("alertmanager/templates/"))
    .flatMap(({ text }) => definitionsIn(text));
}

function definitionsIn(text: string): string[] {
  return [...text.matchAll(/\{\{-?\s*(?:define|block)\s+"([^"]+)"/g)].map(([, name]) => name!);
}

/** Names that template files of an override define; undefined where the files can't be looked at from here. */
async function definedIn(
  { input: { project, runtime } }: CheckContext,
  patterns: readonly string[],
): Promise<string[] | undefined> {
  if (patterns.length === 0) return [];
  if (runtime === "compose") return undefined;
  const { glob } = await import("tinyglobby");
  const files = await glob(
    patterns.map((pattern) => resolve(project.root, pattern)),
    { absolute: true },
  );
  try {
    return files.flatMap((file) => definitionsIn(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** In the override where the receivers come from there, else at the receiver of the definition. */
function placeOf({ input, read }: CheckContext, path: readonly string[]): string {
  if (input.stack.overrides.alertmanager?.receivers !== undefined) {
    const numbered = path.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    return keyPath(["overrides", "alertmanager", ...numbered]);
  }
  const config = read("alertmanager/alertmanager.yml") as { receivers?: { name?: string }[] } | undefined;
  return keyPath(["alerting", "receivers", config?.receivers?.[Number(path[1])]?.name ?? ""]);
}
