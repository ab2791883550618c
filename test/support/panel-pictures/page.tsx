import { createTheme, dateTime, LoadingState, type PanelData, type TimeRange } from "@grafana/data";
import { initPluginTranslations } from "@grafana/i18n";
import { GlobalStyles, PortalContainer, ThemeContext } from "@grafana/ui";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { PanelBody } from "../../../dashboards/preview/page/panels/panel-body.js";
import { prepare } from "../../../dashboards/preview/page/panels/prepare.js";
import { traceFromJaeger } from "../../../dashboards/preview/page/trace/jaeger.js";
import { TraceView } from "../../../dashboards/preview/page/trace/trace-view.js";
import { cases, now, type PictureCase, span } from "./cases.js";
import { difference } from "./compare.js";

Object.assign(window, { __grafana_public_path__: "/assets/" });

/** What panels asked for, for whoever looks: `[what, with what]`. */
const asked: [string, unknown][] = [];
Object.assign(window, { asked, difference });

const light = new URL(location.href).searchParams.get("theme") === "light";
const theme = createTheme({ colors: { mode: light ? "light" : "dark" } });
const from = dateTime(now - span);
const to = dateTime(now);
const timeRange: TimeRange = { from, to, raw: { from, to } };
const asIs = (text: string) => text;

/** All cases below each other, each in a box that is named after it, and a trace. */
function Pictures() {
  const box = { background: theme.colors.background.primary, margin: 8, overflow: "hidden" };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      {prepared.map(({ name, panel, data, width = 320, height = 200 }, id) => (
        <div key={name} data-case={name} style={{ ...box, width, height }}>
          <PanelBody
            panel={{ id, ...panel }}
            data={data}
            width={width}
            height={height}
            timeRange={timeRange}
            timeZone="utc"
            cursorSync={2}
            onChangeTimeRange={(range) => asked.push(["range", range])}
            onOpenTrace={(traceId) => asked.push(["trace", traceId])}
            replaceVariables={asIs}
          />
        </div>
      ))}
      <div data-case="trace" style={{ ...box, width: 900, padding: 8 }}>
        <TraceView trace={trace} timeZone="utc" onOpenTrace={(traceId) => asked.push(["trace", traceId])} />
      </div>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

const prepared = cases.map((each: PictureCase) => {
  const series = prepare(each.frames, { id: 0, ...each.panel }, theme, "utc", asIs);
  const data: PanelData = { state: LoadingState.Done, timeRange, series, annotations: each.annotations };
  return { ...each, data };
});

const tag = (key: string, value: unknown) => ({ key, value });
const trace = traceFromJaeger({
  traceID: "af7651916cd43dd8448eb211c80319c",
  processes: { p1: { serviceName: "shop" }, p2: { serviceName: "assistant" } },
  spans: [
    { spanID: "a", operationName: "POST /chat", startTime: now * 1000, duration: 2_300_000, processID: "p1" },
    {
      spanID: "b",
      operationName: "chat gpt-5",
      startTime: now * 1000 + 50_000,
      duration: 1_400_000,
      processID: "p2",
      references: [{ refType: "CHILD_OF", spanID: "a" }],
      tags: [
        tag("gen_ai.operation.name", "chat"),
        tag("gen_ai.request.model", "gpt-5"),
        tag("gen_ai.usage.input_tokens", 1234),
        tag("gen_ai.usage.output_tokens", 321),
      ],
    },
    {
      spanID: "c",
      operationName: "execute_tool search",
      startTime: now * 1000 + 1_500_000,
      duration: 300_000,
      processID: "p2",
      references: [{ refType: "CHILD_OF", spanID: "a" }],
      tags: [tag("error", true), tag("otel.status_description", "timed out")],
    },
  ],
});

await initPluginTranslations("grafana-ui", []);
// Fonts are known only once the styles are there, and sizes of text are measured as soon as panels are.
const root = createRoot(document.getElementById("page")!);
flushSync(() =>
  root.render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
    </ThemeContext.Provider>,
  ),
);
await Promise.all(
  ["400 12px Inter", "500 12px Inter", "400 12px 'Roboto Mono'"].map((font) => document.fonts.load(font)),
);
root.render(<Pictures />);
