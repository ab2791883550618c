import { type DataFrame, type Field, getFrameDisplayName } from "@grafana/data";
import type { TableCellHeight } from "@grafana/schema";
import { TableNG } from "@grafana/ui/unstable";
import { useMemo, useState } from "react";
import { Note } from "./note.js";
import type { PanelBodyProps } from "./panel.js";
import { optionsOf } from "./panel-defaults.js";

interface TableOptions {
  frameIndex: number;
  showHeader: boolean;
  showTypeIcons: boolean;
  cellHeight: TableCellHeight;
  sortBy: { displayName: string; desc?: boolean }[];
  enablePagination?: boolean;
  frozenColumns?: { left?: number };
  /** Of dashboards from before Grafana 12.2: what the foot of each column sums up. */
  footer?: { show?: boolean; reducer?: string[]; fields?: string[] | string; countRows?: boolean };
}

/** Height of the list of frames below a table (CSS pixels). */
const choiceHeight = 32;

/** Rows and columns; a trace's id opens the trace. */
export function TablePanel({ panel, data, width, height, timeRange, onOpenTrace }: PanelBodyProps) {
  const options = useMemo(() => optionsOf<TableOptions>(panel), [panel]);
  const [chosen, setChosen] = useState(options.frameIndex);
  const frames = data.series.filter(({ fields }) => fields.length > 0);
  const index = chosen < frames.length ? chosen : 0;
  const frame = frames[index];
  const shown = useMemo(
    () => frame && withFooter(withTraceLinks(frame, onOpenTrace), options.footer),
    [frame, onOpenTrace, options.footer],
  );
  if (shown === undefined) return <Note>No data</Note>;
  return (
    <>
      <TableNG
        data={shown}
        width={width}
        height={height - (frames.length > 1 ? choiceHeight : 0)}
        noHeader={!options.showHeader}
        showTypeIcons={options.showTypeIcons}
        sortBy={options.sortBy}
        cellHeight={options.cellHeight}
        enablePagination={options.enablePagination}
        frozenColumns={options.frozenColumns?.left}
        fieldConfig={panel.fieldConfig}
        timeRange={timeRange}
        resizable
        transparent={panel.transparent === true}
      />
      {frames.length > 1 && (
        <select
          aria-label="Frame"
          value={index}
          onChange={(event) => setChosen(Number(event.target.value))}
          style={{ height: choiceHeight, width: "100%" }}
        >
          {frames.map((each, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: frames are told apart by their place
            <option key={number} value={number}>
              {getFrameDisplayName(each, number)}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

/** A column of trace ids leads to the trace, unless the dashboard says where else. */
function withTraceLinks(frame: DataFrame, onOpenTrace: (traceId: string) => void): DataFrame {
  const linked = (field: Field): Field => {
    const own = field.config.links?.some(({ internal }) => internal === undefined);
    if (own || !/^trace[ _]?id$/i.test(field.name)) return field;
    return {
      ...field,
      config: { ...field.config, links: [{ title: "Open the trace", url: "" }] },
      getLinks: ({ valueRowIndex }) => [
        {
          title: "Open the trace",
          href: "",
          target: undefined,
          origin: field,
          onClick: (event: Event) => {
            event.preventDefault?.();
            const id = valueRowIndex === undefined ? undefined : field.values[valueRowIndex];
            if (typeof id === "string") onOpenTrace(id);
          },
        },
      ],
    };
  };
  return { ...frame, fields: frame.fields.map(linked) };
}

/** What older dashboards say of the table's foot, put where the table looks for it: at each field. */
function withFooter(frame: DataFrame, footer: TableOptions["footer"]): DataFrame {
  const reducers = footer?.countRows ? ["countAll"] : (footer?.reducer ?? []);
  if (!footer?.show || reducers.length === 0) return frame;
  const named = typeof footer.fields === "string" ? [footer.fields] : (footer.fields ?? []);
  const wanted = named.filter((name) => name !== "");
  return {
    ...frame,
    fields: frame.fields.map((field) =>
      wanted.length === 0 || wanted.includes(field.name)
        ? { ...field, config: { ...field.config, custom: { ...field.config.custom, footer: { reducers } } } }
        : field,
    ),
  };
}
