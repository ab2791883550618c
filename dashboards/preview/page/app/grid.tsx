import { Icon } from "@grafana/ui";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { chosen, isAll } from "../data/interpolate.js";
import type { PanelJson } from "../data/model.js";
import { useDashboardContext } from "./dashboard-context.js";
import { layOut, type Placed } from "./layout.js";
import { Notice } from "./notice.js";
import { PanelFrame } from "./panel-frame.js";

/** Height of a unit of the grid, and the space between panels, as in Grafana (CSS pixels). */
const unit = 30;
const space = 8;
const columns = 24;
/** Below this width panels stand below each other (CSS pixels). */
const narrow = 768;
/** Least height of a panel that fills the page (CSS pixels). */
const leastHeight = 300;

/** The panels at their places, or one of them on all of the page. */
export function Grid({ panels, viewPanel }: { panels: readonly PanelJson[]; viewPanel?: number }) {
  const { choices, panels: all } = useDashboardContext();
  const [folded, setFolded] = useState<ReadonlyMap<string, boolean>>(new Map());
  const container = useRef<HTMLDivElement>(null);
  const width = useWidth(container);
  const placed = useMemo(
    () =>
      layOut({
        panels,
        folded,
        oneColumn: width > 0 && width < narrow,
        valuesOf: (name) => {
          const choice = choices.get(name);
          if (choice === undefined) return [];
          const values = isAll(choice.value) ? choice.options : [chosen(choice)].flat();
          return values.map((value) => ({
            value,
            text: choice.offered.find((option) => option.value === value)?.text ?? value,
          }));
        },
      }),
    [panels, folded, width, choices],
  );
  const alone =
    viewPanel === undefined ? undefined : all.find(({ id, type }) => id === viewPanel && type !== "row");
  if (viewPanel !== undefined && alone === undefined)
    return (
      <Notice severity="warning" title={`This dashboard has no panel ${viewPanel}.`}>
        Somebody may have removed it. Leave the panel out of the address to see the others.
      </Notice>
    );
  const step = (width + space) / columns;
  const bottom = Math.max(0, ...placed.map(({ place: { y, h } }) => y + h));
  return (
    <div
      ref={container}
      className="grid"
      style={{ height: alone ? undefined : bottom * (unit + space) }}
      data-columns={columns}
    >
      {width > 0 &&
        (alone ? (
          <ViewedPanel
            key={alone.id}
            panel={alone}
            width={width}
            scoped={placed.find(({ panel }) => panel === alone)?.scoped ?? {}}
          />
        ) : (
          placed.map((each) => {
            const { key, place, row } = each;
            const style = {
              left: Math.round(place.x * step),
              top: place.y * (unit + space),
              width: Math.round((place.x + place.w) * step) - Math.round(place.x * step) - space,
              height: place.h * (unit + space) - space,
            };
            return (
              <div key={key} className="cell" style={style}>
                {row ? (
                  <SectionHeader
                    placed={each}
                    onToggle={() => setFolded(new Map(folded).set(key, !row.folded))}
                  />
                ) : (
                  <PanelFrame
                    stateKey={key}
                    panel={each.panel}
                    scoped={each.scoped}
                    width={style.width}
                    height={style.height}
                  />
                )}
              </div>
            );
          })
        ))}
    </div>
  );
}

function ViewedPanel({ panel, width, scoped }: Pick<Placed, "panel" | "scoped"> & { width: number }) {
  const [height, setHeight] = useState(leastHeight);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const measure = () => {
      const top = (place.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      setHeight(Math.max(leastHeight, window.innerHeight - top - 2 * space));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return (
    <div ref={place}>
      <PanelFrame stateKey="viewed" panel={panel} scoped={scoped} width={width} height={height} viewed />
    </div>
  );
}

function SectionHeader({ placed, onToggle }: { placed: Placed; onToggle(): void }) {
  const { replacing } = useDashboardContext();
  const { panel, scoped, row } = placed;
  const count = row!.count;
  return (
    <button
      type="button"
      className="section"
      aria-expanded={!row!.folded}
      onClick={onToggle}
      data-section={panel.id}
    >
      <Icon name={row!.folded ? "angle-right" : "angle-down"} />
      <span className="section-title">{replacing(scoped)(panel.title ?? "", scoped)}</span>
      {row!.folded && (
        <span className="section-count">
          {count} {count === 1 ? "panel" : "panels"}
        </span>
      )}
    </button>
  );
}

/** Width of an element, kept up to date; 0 until it was measured. */
function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.floor(entry!.contentRect.width);
      // What isn't shown for a moment, as while a picture is taken, is no narrower for that.
      if (measured > 0) setWidth(measured);
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
