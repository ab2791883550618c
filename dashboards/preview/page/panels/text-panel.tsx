import { renderTextPanelMarkdown, textUtil } from "@grafana/data";
import { RenderUserContentAsHTML } from "@grafana/ui";
import type { PanelBodyProps } from "./panel.js";

interface TextOptions {
  mode?: "markdown" | "html" | "code";
  content?: string;
}

/** Text of the dashboard's author, cleaned of all that could run. */
export function TextPanel({ panel, width, height, replaceVariables }: PanelBodyProps) {
  const { mode = "markdown", content = "" } = (panel.options ?? {}) as TextOptions;
  const size = { width, height, overflow: "auto" };
  const text = replaceVariables(content, {}, mode === "code" ? undefined : "html");
  if (mode === "code") return <pre style={{ ...size, margin: 0 }}>{text}</pre>;
  const html = mode === "html" ? textUtil.sanitizeTextPanelContent(text) : renderTextPanelMarkdown(text);
  return (
    <div style={size}>
      <RenderUserContentAsHTML component="div" className="markdown-html" content={html} />
    </div>
  );
}
