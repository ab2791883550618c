import { type InterpolateFunction, LoadingState, type PanelData, renderMarkdown } from "@grafana/data";
import { ErrorBoundary, Icon, Menu, PanelChrome, Tooltip, useTheme2 } from "@grafana/ui";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { mayBeEmpty } from "../../../lib/described.js";
import { isEmpty } from "../data/emptiness.js";
import type { Scoped } from "../data/interpolate.js";
import type { PanelJson } from "../data/model.js";
import { approximate, drawn, PanelBody, unpadded } from "../panels/panel-body.js";
import { prepare } from "../panels/prepare.js";
import { writeAddress } from "./address.js";
import { useDashboardContext } from "./dashboard-context.js";
import { addressOf } from "./dashboard-links.js";
import { Inspect } from "./inspect.js";
import { PanelFault, PanelNote } from "./panel-note.js";
import { ProblemText } from "./problems.js";
import { type PanelState, tellPanel } from "./ready.js";
import { go, openTrace, useAddress, zoomTo } from "./use-address.js";
import { useInSight } from "./use-in-sight.js";
import { type PanelAnswer, usePanelData } from "./use-panel-data.js";

interface PanelFrameProps {
  /** Tells apart what is repeated. */
  stateKey: string;
  panel: PanelJson;
  scoped: Scoped;
  /** CSS pixels. */
  width: number;
  height: number;
  /** It fills the page. */
  viewed?: boolean;
}

/** A panel with its frame: title, what it says of itself, what went wrong with it, and a menu. */
export function PanelFrame({ stateKey, panel, scoped, width, height, viewed = false }: PanelFrameProps) {
  const { all, problems, replacing } = useDashboardContext();
  const place = useRef<HTMLDivElement>(null);
  const inSight = useInSight(place, all || viewed);
  const { answer, loading } = usePanelData(panel, scoped, width, inSight === true);
  const [inspecting, setInspecting] = useState(false);
  const replace = useMemo(() => replacing(scoped), [replacing, scoped]);
  const state = stateOf(panel, answer, loading, inSight);
  useEffect(() => {
    tellPanel(stateKey, state);
  }, [stateKey, state]);
  useEffect(() => () => tellPanel(stateKey, undefined), [stateKey]);
  const title = replace(panel.title ?? "");
  const own = problems.filter(({ panelId }) => panelId === panel.id);
  const errors = answer?.errors ?? [];
  return (
    <div
      ref={place}
      className="panel"
      data-panel-id={panel.id}
      data-state={state}
      data-title={title}
      data-type={panel.type}
      data-may-be-empty={mayBeEmpty(panel)}
    >
      <PanelChrome
        title={title}
        description={panel.description ? () => renderMarkdown(replace(panel.description!)) : undefined}
        width={width}
        height={height}
        padding={unpadded.has(panel.type) ? "none" : "md"}
        displayMode={panel.transparent ? "transparent" : "default"}
        loadingState={loading ? LoadingState.Loading : undefined}
        statusMessage={
          errors.length > 0 && state !== "error" && state !== "unsupported"
            ? errors.map(({ refId, message }) => `${refId}: ${message}`).join("\n")
            : undefined
        }
        statusMessageOnClick={() => setInspecting(true)}
        titleItems={<TitleItems panel={panel} answer={answer} problems={own} replace={replace} />}
        menu={() => (
          <Menu>
            {viewed ? (
              <Menu.Item label="All panels" icon="arrow-left" onClick={() => go({ viewPanel: undefined })} />
            ) : (
              <Menu.Item label="View" icon="eye" onClick={() => go({ viewPanel: panel.id })} />
            )}
            <Menu.Item label="Query and data" icon="info-circle" onClick={() => setInspecting(true)} />
            <CopyLink id={panel.id} />
            {(panel.links ?? []).map((link) => (
              <Menu.Item
                key={`${link.title} ${link.url}`}
                label={replace(link.title || link.url || "")}
                icon="external-link-alt"
                url={addressOf(link, link.url ?? "", replace)}
                target={link.targetBlank ? "_blank" : undefined}
              />
            ))}
          </Menu>
        )}
      >
        {(innerWidth, innerHeight) => (
          <ErrorBoundary dependencies={[answer, panel]}>
            {({ error }) =>
              error ? (
                <PanelFault
                  icon="exclamation-triangle"
                  message={`This panel could not be drawn: ${error.message}`}
                  next="Look at its options, field options and overrides."
                  height={innerHeight}
                  isError
                />
              ) : (
                <Content
                  panel={panel}
                  answer={answer}
                  state={state}
                  scoped={scoped}
                  width={innerWidth}
                  height={innerHeight}
                />
              )
            }
          </ErrorBoundary>
        )}
      </PanelChrome>
      {inspecting && (
        <Inspect title={title} panel={panel} answer={answer} onClose={() => setInspecting(false)} />
      )}
    </div>
  );
}

function stateOf(
  panel: PanelJson,
  answer: PanelAnswer | undefined,
  loading: boolean,
  inSight: boolean | undefined,
): PanelState {
  if (!drawn.has(panel.type)) return "unsupported";
  if (answer === undefined) return inSight === undefined ? "waiting" : inSight ? "loading" : "idle";
  if (loading) return "loading";
  if (isEmpty(answer.frames) && answer.errors.length > 0)
    return answer.errors.every(({ status }) => status === 501) ? "unsupported" : "error";
  return panel.type !== "text" && isEmpty(answer.frames) ? "empty" : "done";
}

function Content(props: {
  panel: PanelJson;
  answer: PanelAnswer | undefined;
  state: PanelState;
  scoped: Scoped;
  width: number;
  height: number;
}) {
  const { panel, answer, state, scoped, width, height } = props;
  const { timeZone, annotations, cursorSync, replacing } = useDashboardContext();
  const theme = useTheme2();
  const latest = useRef<InterpolateFunction>(replacing(scoped));
  latest.current = replacing(scoped);
  // What is drawn changes with the answer. A new range alone draws nothing anew, though links follow it at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer to other choices makes other texts
  const replaceVariables = useCallback<InterpolateFunction>((...given) => latest.current(...given), [answer]);
  const series = useMemo(
    () => (answer ? prepare(answer.frames, panel, theme, timeZone, replaceVariables) : []),
    [answer, panel, theme, timeZone, replaceVariables],
  );
  const data = useMemo(
    (): PanelData | undefined =>
      answer && {
        state: LoadingState.Done,
        series,
        annotations: [...annotations, ...answer.exemplars],
        timeRange: answer.range,
      },
    [answer, series, annotations],
  );
  if (!drawn.has(panel.type))
    return (
      <PanelFault
        icon="info-circle"
        message={`Panels of the type "${panel.type}" are not drawn here.`}
        next="Grafana draws it."
        height={height}
      />
    );
  if (answer === undefined || data === undefined) return null;
  // While a newer answer is on its way, the last one stays as it was.
  if (panel.type !== "text" && isEmpty(answer.frames)) {
    const [error] = answer.errors;
    if (error)
      return (
        <PanelFault
          icon={error.status === 501 ? "info-circle" : "exclamation-triangle"}
          message={error.message}
          next={error.next ?? "The query stands in the menu, Query and data."}
          height={height}
          isError={error.status !== 501}
        />
      );
    return <PanelNote reason={mayBeEmpty(panel)} height={height} />;
  }
  return (
    <div data-body={state}>
      <PanelBody
        panel={panel}
        data={data}
        width={width}
        height={height}
        timeRange={answer.range}
        timeZone={timeZone}
        cursorSync={cursorSync}
        onChangeTimeRange={zoomTo}
        onOpenTrace={openTrace}
        replaceVariables={replaceVariables}
      />
    </div>
  );
}

interface TitleItemsProps {
  panel: PanelJson;
  answer: PanelAnswer | undefined;
  problems: ReturnType<typeof useDashboardContext>["problems"];
  replace: (text: string) => string;
}

/** What stands behind the title: findings of the checks, and what is not as in Grafana. */
function TitleItems({ panel, answer, problems, replace }: TitleItemsProps) {
  const { timeFrom, timeShift, hideTimeOverride } = panel;
  const worst = problems.some(({ severity }) => severity === "error") ? "error" : "warning";
  const time = [timeFrom && `Last ${timeFrom}`, timeShift && `${timeShift} earlier`]
    .filter(Boolean)
    .join(", ");
  return (
    <>
      {problems.length > 0 && (
        <Mark
          className={`title-mark-${worst}`}
          label={`${problems.length} ${problems.length === 1 ? "problem" : "problems"}`}
          icon="exclamation-triangle"
          content={problems.map((problem) => (
            <ProblemText key={`${problem.id} ${problem.what}`} problem={problem} />
          ))}
        />
      )}
      {answer && answer.notices.length > 0 && (
        <Mark
          className="title-mark-warning"
          label="Not all is drawn"
          icon="info-circle"
          content={answer.notices.join(" ")}
        />
      )}
      {time && !hideTimeOverride && <span className="title-mark-time">{replace(time)}</span>}
      {approximate.has(panel.type) && (
        <Mark
          className="title-mark-approximate"
          label="Approximate"
          text="≈"
          content="Approximate: drawn by the preview itself, close to what Grafana shows but not the same."
        />
      )}
    </>
  );
}

function Mark(props: {
  className: string;
  label: string;
  icon?: "exclamation-triangle" | "info-circle";
  text?: string;
  content: ReactNode;
}) {
  const { className, label, icon, text, content } = props;
  return (
    <Tooltip content={<div>{content}</div>} interactive>
      <button type="button" className={`title-mark ${className}`} aria-label={label}>
        {icon ? <Icon name={icon} size="sm" /> : text}
      </button>
    </Tooltip>
  );
}

function CopyLink({ id }: { id: number }) {
  const address = useAddress();
  return (
    <Menu.Item
      label="Copy link"
      icon="link"
      onClick={() => {
        const path = writeAddress({ ...address, viewPanel: id, kiosk: false, all: false });
        void navigator.clipboard.writeText(new URL(path, window.location.origin).href);
      }}
    />
  );
}
