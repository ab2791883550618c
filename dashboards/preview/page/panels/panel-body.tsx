import { CoreApp, EventBusSrv } from "@grafana/data";
import { PanelContextProvider } from "@grafana/ui";
import { type ComponentType, useMemo } from "react";
import { BarChartPanel } from "./barchart/bar-chart-panel.js";
import { HeatmapPanel } from "./cells/heatmap-panel.js";
import { StatePanel } from "./cells/state-panel.js";
import { LogsPanel } from "./logs-panel.js";
import type { PanelBodyProps } from "./panel.js";
import { TablePanel } from "./table-panel.js";
import { TextPanel } from "./text-panel.js";
import { TimeSeriesPanel } from "./timeseries/time-series-panel.js";
import { BarGaugePanel } from "./values/bar-gauge-panel.js";
import { GaugePanel } from "./values/gauge-panel.js";
import { PiePanel } from "./values/pie-panel.js";
import { StatPanel } from "./values/stat-panel.js";

const kinds: Record<string, ComponentType<PanelBodyProps>> = {
  barchart: BarChartPanel,
  bargauge: BarGaugePanel,
  gauge: GaugePanel,
  heatmap: HeatmapPanel,
  logs: LogsPanel,
  piechart: PiePanel,
  stat: StatPanel,
  "state-timeline": StatePanel,
  "status-history": StatePanel,
  table: TablePanel,
  text: TextPanel,
  timeseries: TimeSeriesPanel,
  traces: TablePanel,
};

/** Types of panels that are drawn here. */
export const drawn: ReadonlySet<string> = new Set(Object.keys(kinds));

/** Types of panels that our own code draws, since Grafana does not publish its: what they show is close, not the same. */
export const approximate: ReadonlySet<string> = new Set([
  "barchart",
  "gauge",
  "heatmap",
  "logs",
  "piechart",
  "state-timeline",
  "status-history",
]);

/** Types of panels that reach to the edge of their frame, as Grafana's do: the others keep a distance. */
export const unpadded: ReadonlySet<string> = new Set(["stat"]);

/** Below this nothing can be read (CSS pixels). */
const leastSize = 10;

/**
 * Grafana's legends and plots tell each other of the pointer by events, too. Plots that share a cursor do so without, and an
 * event (of a legend that lost the focus) would take the cursor out of a range that is being dragged.
 */
const silence = new (class extends EventBusSrv {
  override publish(): void {}
})();

/** What stands inside a panel's frame, by the panel's type, which is one of those in `drawn`. */
export function PanelBody(props: PanelBodyProps) {
  const { panel, cursorSync, width, height } = props;
  const context = useMemo(
    () => ({
      eventsScope: "dashboard",
      eventBus: silence,
      sync: () => cursorSync,
      app: CoreApp.Dashboard,
    }),
    [cursorSync],
  );
  const Kind = kinds[panel.type];
  if (Kind === undefined || width < leastSize || height < leastSize) return null;
  return (
    <PanelContextProvider value={context}>
      <Kind {...props} />
    </PanelContextProvider>
  );
}
