import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import { Button, useTheme2 } from "@grafana/ui";
import { useMemo, useState } from "react";
import {
  arranged,
  commonLabels,
  type Deduplication,
  type LogLevel,
  type LogRow,
  logRows,
  prettified,
} from "./log-rows.js";
import { Note } from "./note.js";
import type { PanelBodyProps } from "./panel.js";
import { optionsOf } from "./panel-defaults.js";

export interface LogsOptions {
  showTime: boolean;
  showLabels: boolean;
  showCommonLabels: boolean;
  wrapLogMessage: boolean;
  prettifyLogMessage: boolean;
  enableLogDetails: boolean;
  sortOrder: "Ascending" | "Descending";
  dedupStrategy: Deduplication;
}

/** Lines drawn at first, and with each wish for more: a browser slows down with thousands. */
const page = 200;

/** Lines of logs, drawn by us. */
export function LogsPanel({ panel, data, width, height, timeZone, onOpenTrace }: PanelBodyProps) {
  const options = useMemo(() => optionsOf<LogsOptions>(panel), [panel]);
  const rows = useMemo(
    () => arranged(logRows(data.series), options.sortOrder !== "Ascending", options.dedupStrategy),
    [data.series, options],
  );
  if (rows.length === 0) return <Note>No data</Note>;
  return (
    <div style={{ width, height, overflow: "auto" }}>
      <LogList rows={rows} options={options} timeZone={timeZone} onOpenTrace={onOpenTrace} />
    </div>
  );
}

interface LogListProps {
  rows: LogRow[];
  options: Partial<LogsOptions>;
  timeZone: TimeZone;
  onOpenTrace(traceId: string): void;
}

/** Lines of logs, one below the other; a click tells all about one. */
export function LogList({ rows, options, timeZone, onOpenTrace }: LogListProps) {
  const theme = useTheme2();
  const [most, setMost] = useState(page);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const common = useMemo(() => commonLabels(rows), [rows]);
  const toggle = (key: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <div
      style={{
        fontFamily: theme.typography.fontFamilyMonospace,
        fontSize: theme.typography.bodySmall.fontSize,
      }}
    >
      {options.showCommonLabels && common.length > 0 && (
        <div style={{ padding: theme.spacing(0.5), color: theme.colors.text.secondary }}>
          Common labels: {common.map(([name, value]) => `${name}=${value}`).join(" ")}
        </div>
      )}
      {rows.slice(0, most).map((row) => (
        <Line
          key={row.key}
          row={row}
          options={options}
          timeZone={timeZone}
          open={open.has(row.key)}
          onToggle={() => toggle(row.key)}
          onOpenTrace={onOpenTrace}
        />
      ))}
      {rows.length > most && (
        <div style={{ padding: theme.spacing(1), textAlign: "center" }}>
          <Button size="sm" variant="secondary" fill="text" onClick={() => setMost(most + page)}>
            {`${most} of ${rows.length} lines: show more`}
          </Button>
        </div>
      )}
    </div>
  );
}

interface LineProps extends Omit<LogListProps, "rows"> {
  row: LogRow;
  open: boolean;
  onToggle(): void;
}

function Line({ row, options, timeZone, open, onToggle, onOpenTrace }: LineProps) {
  const theme = useTheme2();
  const color = levelColor(row.level, theme);
  const text = options.prettifyLogMessage || open ? prettified(row.line) : row.line;
  const wrap = options.wrapLogMessage || open;
  const content = (
    <>
      {options.showTime && (
        <span style={{ color: theme.colors.text.secondary, whiteSpace: "nowrap" }}>
          {dateTimeFormat(row.time, { timeZone, defaultWithMS: true })}
        </span>
      )}
      {row.level !== "unknown" && <span style={{ color, whiteSpace: "nowrap" }}>{row.level}</span>}
      {row.duplicates > 0 && (
        <span style={{ color: theme.colors.text.secondary }}>{row.duplicates + 1}×</span>
      )}
      {options.showLabels && (
        <span style={{ color: theme.colors.text.secondary }}>
          {row.labels.map(([name, value]) => `${name}=${value}`).join(" ")}
        </span>
      )}
      <span style={{ whiteSpace: wrap ? "pre-wrap" : "pre", overflowWrap: wrap ? "anywhere" : "normal" }}>
        {text}
      </span>
    </>
  );
  const box = {
    display: "flex",
    gap: theme.spacing(1),
    width: wrap ? "100%" : "max-content",
    minWidth: "100%",
    boxSizing: "border-box" as const,
    padding: theme.spacing(0.25, 1),
    boxShadow: `inset 3px 0 ${color}`,
  };
  return (
    <div data-level={row.level}>
      {options.enableLogDetails ? (
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          style={{
            ...box,
            border: "none",
            background: open ? theme.colors.background.secondary : "transparent",
            color: "inherit",
            font: "inherit",
            textAlign: "left",
            cursor: "pointer",
          }}
        >
          {content}
        </button>
      ) : (
        <div style={box}>{content}</div>
      )}
      {open && <Details row={row} onOpenTrace={onOpenTrace} />}
    </div>
  );
}

function Details({ row, onOpenTrace }: { row: LogRow; onOpenTrace(traceId: string): void }) {
  const theme = useTheme2();
  const { traceId } = row;
  return (
    <div
      style={{
        margin: theme.spacing(0, 0, 1, 2),
        padding: theme.spacing(1),
        background: theme.colors.background.secondary,
      }}
    >
      {traceId !== undefined && (
        <Button size="sm" variant="secondary" icon="gf-traces" onClick={() => onOpenTrace(traceId)}>
          Open the trace
        </Button>
      )}
      <table style={{ marginTop: theme.spacing(0.5) }}>
        <tbody>
          {row.labels.map(([name, value]) => (
            <tr key={name}>
              <td
                style={{
                  color: theme.colors.text.secondary,
                  paddingRight: theme.spacing(2),
                  verticalAlign: "top",
                }}
              >
                {name}
              </td>
              <td style={{ overflowWrap: "anywhere" }}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Colours by level as Grafana's logs have them. */
function levelColor(level: LogLevel, theme: GrafanaTheme2): string {
  const names: Record<LogLevel, string> = {
    critical: "purple",
    error: "red",
    warning: "orange",
    info: "green",
    debug: "blue",
    trace: "light-blue",
    unknown: theme.colors.border.medium,
  };
  return theme.visualization.getColorByName(names[level]);
}
