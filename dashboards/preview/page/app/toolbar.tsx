import { dateTime, type InterpolateFunction, rangeUtil, type TimeRange, type TimeZone } from "@grafana/data";
import { Button, defaultIntervals, RefreshPicker, TimeRangePicker, ToolbarButton } from "@grafana/ui";
import type { State } from "../../api.js";
import type { DashboardJson } from "../data/model.js";
import { DashboardLinks } from "./dashboard-links.js";
import { asText } from "./time.js";
import { go } from "./use-address.js";
import type { Clock } from "./use-clock.js";

interface ToolbarProps {
  dashboard: DashboardJson;
  clock: Clock;
  every: string;
  timeZone: TimeZone;
  state: State;
  replace: InterpolateFunction;
  /** A panel fills the page. */
  inPanel: boolean;
  /** Opens or closes the list of dashboards. */
  onNavigate?(): void;
}

/** The dashboard's title and links, and which time is looked at. */
export function Toolbar({
  dashboard,
  clock,
  every,
  timeZone,
  state,
  replace,
  inPanel,
  onNavigate,
}: ToolbarProps) {
  const { range, refresh } = clock;
  const show = ({ from, to }: Pick<TimeRange, "from" | "to">) => go({ from: asText(from), to: asText(to) });
  const move = (share: number) => {
    const [from, to] = [range.from.valueOf(), range.to.valueOf()];
    const by = (to - from) * share;
    show({ from: dateTime(from + by), to: dateTime(to + by) });
  };
  return (
    <div className="toolbar">
      <div className="toolbar-title">
        {onNavigate && (
          <ToolbarButton variant="canvas" icon="bars" aria-label="List of dashboards" onClick={onNavigate} />
        )}
        <h1 title={dashboard.description}>{dashboard.title}</h1>
        {inPanel && (
          <Button
            size="sm"
            variant="secondary"
            icon="arrow-left"
            onClick={() => go({ viewPanel: undefined })}
          >
            All panels
          </Button>
        )}
        <DashboardLinks links={dashboard.links ?? []} state={state} replace={replace} />
      </div>
      <div className="toolbar-time">
        <TimeRangePicker
          value={range}
          timeZone={timeZone}
          onChange={({ raw }) => go({ from: asText(raw.from), to: asText(raw.to) })}
          onChangeTimeZone={(timezone) => go({ timezone: timezone || "browser" })}
          onMoveBackward={() => move(-0.5)}
          onMoveForward={() => move(0.5)}
          onZoom={() => {
            const [from, to] = [range.from.valueOf(), range.to.valueOf()];
            show({ from: dateTime(from - (to - from) / 2), to: dateTime(to + (to - from) / 2) });
          }}
          quickRanges={dashboard.timepicker?.quick_ranges}
        />
        <RefreshPicker
          value={every}
          intervals={dashboard.timepicker?.refresh_intervals ?? defaultIntervals}
          onRefresh={refresh}
          onIntervalChanged={(interval) => go({ refresh: interval }, { replace: true })}
          tooltip={`Refresh (d r): ${rangeUtil.describeTimeRange(range.raw, timeZone)}`}
        />
      </div>
    </div>
  );
}
