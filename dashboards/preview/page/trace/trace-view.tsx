import { type DataFrame, dateTimeFormat, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import { Alert, Badge, Button, ClipboardButton, useTheme2 } from "@grafana/ui";
import { useMemo, useState } from "react";
import { ticks } from "../panels/barchart/bar-layout.js";
import { arranged, logRows } from "../panels/log-rows.js";
import { LogList } from "../panels/logs-panel.js";
import { duration } from "./durations.js";
import { nameShare, SpanRow } from "./span-row.js";
import type { Trace } from "./trace.js";
import { type SpanNode, type TraceTree, traceTree, unfolded } from "./tree.js";

/** The lines that were written while a trace was made. */
export type TraceLogs =
  | { state: "loading" }
  | { state: "done"; frames: DataFrame[] }
  | { state: "failed"; why: string };

export interface TraceViewProps {
  trace: Trace;
  timeZone: TimeZone;
  /** Drawn below the spans; without, nothing is said of logs. */
  logs?: TraceLogs;
  /** A span leads to one of another trace. */
  onOpenTrace(traceId: string): void;
}

/** Spans drawn at first, and with each wish for more. */
const page = 500;

/** A trace as a waterfall: what called what, when, for how long, and what failed. Drawn by us. */
export function TraceView({ trace, timeZone, logs, onOpenTrace }: TraceViewProps) {
  const theme = useTheme2();
  const tree = useMemo(() => traceTree(trace), [trace]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [most, setMost] = useState(page);
  const nodes = useMemo(() => unfolded(tree.roots, folded), [tree, folded]);
  const marks = useMemo(() => ticks(0, tree.duration, 5), [tree]);
  const colors = useMemo(() => serviceColors(tree, theme), [tree, theme]);
  if (tree.spans === 0) return <Alert severity="info" title="The trace has no spans" />;
  return (
    <div data-trace={trace.traceId} style={{ fontSize: theme.typography.bodySmall.fontSize }}>
      <Summary trace={trace} tree={tree} timeZone={timeZone} colors={colors} />
      <div style={{ display: "flex", gap: theme.spacing(1), padding: theme.spacing(1, 0) }}>
        <Button size="sm" variant="secondary" fill="outline" onClick={() => setFolded(new Set())}>
          Unfold all
        </Button>
        <Button
          size="sm"
          variant="secondary"
          fill="outline"
          onClick={() => setFolded(new Set(withChildren(tree.roots)))}
        >
          Fold all
        </Button>
      </div>
      <Axis marks={marks} whole={tree.duration} />
      {nodes.slice(0, most).map((node) => (
        <SpanRow
          key={node.span.spanId}
          node={node}
          tree={tree}
          marks={marks}
          color={colors.get(node.span.service) ?? theme.colors.text.secondary}
          folded={folded.has(node.span.spanId)}
          open={open.has(node.span.spanId)}
          onFold={() => setFolded((before) => switched(before, node.span.spanId))}
          onOpen={() => setOpen((before) => switched(before, node.span.spanId))}
          onOpenTrace={onOpenTrace}
        />
      ))}
      {nodes.length > most && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setMost(most + page)}>
          {`${most} of ${nodes.length} spans: show more`}
        </Button>
      )}
      {logs && <Logs logs={logs} timeZone={timeZone} onOpenTrace={onOpenTrace} />}
    </div>
  );
}

interface SummaryProps {
  trace: Trace;
  tree: TraceTree;
  timeZone: TimeZone;
  colors: ReadonlyMap<string, string>;
}

function Summary({ trace, tree, timeZone, colors }: SummaryProps) {
  const theme = useTheme2();
  const root = tree.roots[0]?.span;
  return (
    <>
      <h4 style={{ margin: 0 }}>
        {root?.service}: {root?.name}
      </h4>
      <div
        style={{
          display: "flex",
          flexWrap: "wrap",
          alignItems: "center",
          gap: theme.spacing(0.5, 2),
          color: theme.colors.text.secondary,
          paddingTop: theme.spacing(0.5),
        }}
      >
        <span style={{ fontFamily: theme.typography.fontFamilyMonospace }}>
          {trace.traceId}{" "}
          <ClipboardButton
            size="sm"
            variant="secondary"
            fill="text"
            icon="copy"
            aria-label="Copy the trace's id"
            getText={() => trace.traceId}
          />
        </span>
        <span>{dateTimeFormat(tree.start, { timeZone, defaultWithMS: true })}</span>
        <span>{duration(tree.duration)}</span>
        <span>{tree.spans === 1 ? "1 span" : `${tree.spans} spans`}</span>
        {tree.failed > 0 && <Badge color="red" icon="exclamation-circle" text={`${tree.failed} failed`} />}
        {tree.services.map(({ name, spans }) => (
          <span key={name} style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
            <span style={{ width: 10, height: 10, borderRadius: 2, background: colors.get(name) }} />
            {name} ({spans})
          </span>
        ))}
      </div>
    </>
  );
}

function Axis({ marks, whole }: { marks: number[]; whole: number }) {
  const theme = useTheme2();
  return (
    <div
      style={{
        position: "sticky",
        top: 0,
        zIndex: 1,
        display: "flex",
        background: theme.colors.background.primary,
        borderBottom: `1px solid ${theme.colors.border.medium}`,
        color: theme.colors.text.secondary,
        padding: theme.spacing(0.5, 0),
      }}
    >
      <div style={{ width: nameShare, flexShrink: 0, paddingLeft: theme.spacing(1) }}>
        Service and operation
      </div>
      <div style={{ flexGrow: 1, position: "relative", marginRight: theme.spacing(9) }}>
        {marks.map((mark) => (
          <span key={mark} style={{ position: "absolute", left: `${(mark / whole) * 100}%` }}>
            {mark === 0 ? "0" : duration(mark)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface LogsProps {
  logs: TraceLogs;
  timeZone: TimeZone;
  onOpenTrace(traceId: string): void;
}

function Logs({ logs, timeZone, onOpenTrace }: LogsProps) {
  const theme = useTheme2();
  const rows = useMemo(
    () => (logs.state === "done" ? arranged(logRows(logs.frames), false, "none") : []),
    [logs],
  );
  return (
    <section style={{ marginTop: theme.spacing(3) }}>
      <h5>Logs of this trace{rows.length > 0 && ` (${rows.length})`}</h5>
      {logs.state === "loading" && <div style={{ color: theme.colors.text.secondary }}>Asking for logs…</div>}
      {logs.state === "failed" && <Alert severity="warning" title={logs.why} />}
      {logs.state === "done" && rows.length === 0 && (
        <div style={{ color: theme.colors.text.secondary }}>No line of a log names this trace.</div>
      )}
      <LogList
        rows={rows}
        options={{ showTime: true, wrapLogMessage: true, enableLogDetails: true }}
        timeZone={timeZone}
        onOpenTrace={onOpenTrace}
      />
    </section>
  );
}

/** A colour for each service, in the order in which they took part; none is red, which is for what failed. */
function serviceColors({ services }: TraceTree, theme: GrafanaTheme2): ReadonlyMap<string, string> {
  const { getColorByName } = theme.visualization;
  const palette = theme.visualization.palette.filter((name) => !name.includes("red"));
  return new Map(
    services.map(({ name }, index) => [name, getColorByName(palette[index % palette.length] ?? "blue")]),
  );
}

function switched(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

const withChildren = (roots: readonly SpanNode[]) =>
  unfolded(roots, new Set())
    .filter(({ children }) => children.length > 0)
    .map(({ span }) => span.spanId);
