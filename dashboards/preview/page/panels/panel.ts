import type {
  DashboardCursorSync,
  FieldConfigSource,
  InterpolateFunction,
  PanelData,
  TimeRange,
  TimeZone,
} from "@grafana/data";

/** What the preview needs of a panel of Grafana's classic dashboard JSON. */
export interface PanelModel {
  id: number;
  type: string;
  title?: string;
  /** The plugin's own options, as the JSON has them: what is left out gets the plugin's default when drawn. */
  options?: Record<string, unknown>;
  fieldConfig?: FieldConfigSource;
  /** Without a frame and a background of its own. */
  transparent?: boolean;
}

/** What a panel's frame hands to what is drawn inside it. */
export interface PanelBodyProps {
  panel: PanelModel;
  /**
   * `series` after the panel's transformations and `prepare`. Exemplars come as frames with `meta.custom.resultType`
   * "exemplar", annotations as frames with the fields `time`, `timeEnd`, `title`, `text`, `tags`, `color`; both in
   * `annotations`.
   */
  data: PanelData;
  /** Of the body, without the header (CSS pixels). */
  width: number;
  height: number;
  timeRange: TimeRange;
  timeZone: TimeZone;
  /** The dashboard's `graphTooltip`. */
  cursorSync: DashboardCursorSync;
  /** A range was dragged open: milliseconds since 1970. */
  onChangeTimeRange(range: { from: number; to: number }): void;
  onOpenTrace(traceId: string): void;
  replaceVariables: InterpolateFunction;
}
