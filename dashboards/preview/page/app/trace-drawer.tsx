import type { TimeZone } from "@grafana/data";
import { Drawer } from "@grafana/ui";
import { useEffect, useState } from "react";
import type { PreviewDataSource } from "../../api.js";
import { inWords } from "../data/queries.js";
import { wasTakenBack } from "../data/request.js";
import { type LoadedTrace, loadLogs, loadTrace } from "../data/trace-queries.js";
import { type TraceLogs, TraceView } from "../trace/trace-view.js";
import { Notice } from "./notice.js";
import { tellPanel } from "./ready.js";

interface TraceDrawerProps {
  traceId: string;
  sources: readonly PreviewDataSource[];
  timeZone: TimeZone;
  onOpen(traceId: string): void;
  onClose(): void;
}

/** A trace beside the dashboard, with the lines that were logged in it. */
export function TraceDrawer({ traceId, sources, timeZone, onOpen, onClose }: TraceDrawerProps) {
  const [trace, setTrace] = useState<LoadedTrace>({ state: "loading" });
  const [logs, setLogs] = useState<TraceLogs>({ state: "loading" });
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    setTrace({ state: "loading" });
    setLogs({ state: "loading" });
    (async () => {
      const loaded = await loadTrace(traceId, sources, signal);
      setTrace(loaded);
      if (loaded.state === "done") setLogs(await loadLogs(loaded.trace, sources, signal));
    })().catch((error) => {
      if (!wasTakenBack(error)) setTrace({ state: "failed", ...inWords(error) });
    });
    return () => stop.abort();
  }, [traceId, sources]);
  useEffect(() => {
    const busy = trace.state === "loading" || (trace.state === "done" && logs.state === "loading");
    tellPanel("trace", busy ? "loading" : "done");
    return () => tellPanel("trace", undefined);
  }, [trace, logs]);
  return (
    <Drawer title="Trace" size="lg" onClose={onClose}>
      {trace.state === "loading" && <p className="quiet">Loading the trace…</p>}
      {trace.state === "failed" && (
        <Notice severity="error" title={trace.message}>
          {trace.next}
        </Notice>
      )}
      {trace.state === "done" && (
        <TraceView trace={trace.trace} logs={logs} timeZone={timeZone} onOpenTrace={onOpen} />
      )}
    </Drawer>
  );
}
