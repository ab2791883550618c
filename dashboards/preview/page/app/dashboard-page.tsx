import type { InterpolateFunction } from "@grafana/data";
import { useCallback, useEffect, useMemo } from "react";
import type { PreviewDataSource, State } from "../../api.js";
import { interpolate, queryOf, type Scoped } from "../data/interpolate.js";
import type { PanelJson } from "../data/model.js";
import type { Address } from "./address.js";
import { type DashboardContext, InDashboard } from "./dashboard-context.js";
import { Grid } from "./grid.js";
import { Notice } from "./notice.js";
import { tellPage } from "./ready.js";
import { Toolbar } from "./toolbar.js";
import { TraceDrawer } from "./trace-drawer.js";
import { go, openTrace } from "./use-address.js";
import { useAnnotations } from "./use-annotations.js";
import { useChoices } from "./use-choices.js";
import { useClock } from "./use-clock.js";
import { useDashboard } from "./use-dashboard.js";
import { useKeys } from "./use-keys.js";
import { VariablesBar } from "./variables-bar.js";
import { withCode } from "./with-code.js";

interface DashboardPageProps {
  uid: string;
  state: State;
  sources: readonly PreviewDataSource[];
  address: Address;
  /** Opens or closes the list of dashboards. */
  onNavigate(): void;
}

/** A dashboard with all that is around it: time, choices, links, panels. */
export function DashboardPage({ uid, state, sources, address, onNavigate }: DashboardPageProps) {
  const { dashboard, problems, error } = useDashboard(uid, state.revision);
  const timeZone = address.timezone ?? (dashboard?.timezone || "browser");
  const from = address.from ?? dashboard?.time?.from ?? "now-1h";
  const to = address.to ?? dashboard?.time?.to ?? "now";
  const every = address.refresh ?? (typeof dashboard?.refresh === "string" ? dashboard.refresh : "");
  const clock = useClock(from, to, every, timeZone);
  const { range, refresh } = clock;
  const choices = useChoices(dashboard?.templating?.list, address.variables, range, sources);
  const annotations = useAnnotations(dashboard?.annotations?.list, choices, range, sources);
  useKeys({
    refresh,
    leave: address.viewPanel === undefined ? undefined : () => go({ viewPanel: undefined }),
  });

  const failed = error !== undefined && dashboard === undefined;
  useEffect(() => {
    tellPage(failed || (dashboard !== undefined && choices !== undefined));
    return () => tellPage(false);
  }, [failed, dashboard, choices]);
  useEffect(() => {
    document.title = `${dashboard?.title ?? "obs"} · ${state.stack}`;
  }, [dashboard?.title, state.stack]);

  const replacing = useCallback(
    (scoped: Scoped): InterpolateFunction => {
      const place = {
        ...scoped,
        ...builtIn(range.from.valueOf(), range.to.valueOf()),
        __url_time_range: {
          value: `from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
          raw: true,
        },
        __all_variables: { value: [...(choices?.values() ?? [])].map(queryOf).join("&"), raw: true },
        __dashboard: { value: { uid, toString: () => dashboard?.title ?? "" } },
      };
      return (text, more, format) =>
        interpolate(text, choices ?? new Map(), {
          scoped: { ...place, ...(more as Scoped | undefined) },
          ...(typeof format === "string" && { format }),
        });
    },
    [choices, range, from, to, uid, dashboard?.title],
  );

  const panels = dashboard?.panels;
  const context = useMemo((): DashboardContext | undefined => {
    if (!choices || !panels) return undefined;
    return {
      choices,
      range,
      timeZone,
      sources,
      panels: withFolded(panels),
      problems,
      annotations,
      cursorSync: dashboard.graphTooltip ?? 0,
      all: address.all === true,
      replacing,
    };
  }, [
    choices,
    panels,
    range,
    timeZone,
    sources,
    problems,
    annotations,
    dashboard?.graphTooltip,
    address.all,
    replacing,
  ]);

  if (dashboard === undefined)
    return error ? (
      <Notice severity="error" title={error.message}>
        {error.next && withCode(error.next)}
      </Notice>
    ) : null;
  return (
    <>
      <header className={address.kiosk ? "top top-kiosk" : "top"}>
        <Toolbar
          dashboard={dashboard}
          clock={clock}
          every={every}
          timeZone={timeZone}
          state={state}
          replace={replacing({})}
          inPanel={address.viewPanel !== undefined}
          onNavigate={address.kiosk ? undefined : onNavigate}
        />
        {choices && !address.kiosk && <VariablesBar choices={choices} />}
      </header>
      {error && (
        <Notice severity="warning" title={error.message}>
          {error.next && withCode(error.next)}
        </Notice>
      )}
      {context && (
        <InDashboard.Provider value={context}>
          <Grid panels={panels!} viewPanel={address.viewPanel} />
          {address.trace !== undefined && (
            <TraceDrawer
              traceId={address.trace}
              sources={sources}
              timeZone={timeZone}
              onOpen={openTrace}
              onClose={() => go({ trace: undefined })}
            />
          )}
        </InDashboard.Provider>
      )}
    </>
  );
}

/** What Grafana brings to links and titles. */
function builtIn(from: number, to: number): Scoped {
  return { __from: { value: from }, __to: { value: to } };
}

function withFolded(panels: readonly PanelJson[]): PanelJson[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}
