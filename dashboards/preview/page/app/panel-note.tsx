import { Icon, type IconName } from "@grafana/ui";
import { withCode } from "./with-code.js";

/** Below this height there is room for a single line (CSS pixels). */
const lowest = 90;

/** In place of a panel that has nothing to show: why that may be right. */
export function PanelNote({ reason, height }: { reason: string | undefined; height: number }) {
  const why =
    reason ?? "Nothing was found in this time. Look at a longer one, or at the query: menu, Query and data.";
  const sentence = why.charAt(0).toUpperCase() + why.slice(1);
  return (
    <div
      className={height < lowest ? "panel-note panel-note-low" : "panel-note"}
      style={{ height }}
      title={sentence}
    >
      <div className="panel-note-what">No data</div>
      <div className="panel-note-why">{withCode(sentence)}</div>
    </div>
  );
}

interface PanelFaultProps {
  icon: IconName;
  message: string;
  next?: string;
  height: number;
  isError?: boolean;
}

/** In place of a panel that could not be drawn: what went wrong, and what to do. */
export function PanelFault({ icon, message, next, height, isError = false }: PanelFaultProps) {
  return (
    <div
      className={isError ? "panel-fault panel-fault-error" : "panel-fault"}
      style={{ height }}
      role={isError ? "alert" : undefined}
    >
      <div className="panel-fault-what">
        <Icon name={icon} /> <span>{message}</span>
      </div>
      {next && <div className="panel-fault-next">{withCode(next)}</div>}
    </div>
  );
}
