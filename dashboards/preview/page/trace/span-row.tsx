import { Icon, IconButton, useTheme2 } from "@grafana/ui";
import { duration } from "./durations.js";
import { genAiFacts } from "./gen-ai.js";
import { SpanDetails } from "./span-details.js";
import type { SpanNode, TraceTree } from "./tree.js";

/** Room that names take, as a share of the whole width; the rest is time. */
export const nameShare = "36%";

interface SpanRowProps {
  node: SpanNode;
  tree: TraceTree;
  /** Where the axis has its marks: milliseconds from the start of the trace. */
  marks: number[];
  color: string;
  folded: boolean;
  open: boolean;
  onFold(): void;
  onOpen(): void;
  onOpenTrace(traceId: string): void;
}

/** Beyond this depth names move no further right: they would leave their column. */
const deepest = 14;

/** A span: its name at its depth, its bar at its time, and below it, once opened, all that it says. */
export function SpanRow({
  node,
  tree,
  marks,
  color,
  folded,
  open,
  onFold,
  onOpen,
  onOpenTrace,
}: SpanRowProps) {
  const theme = useTheme2();
  const { span } = node;
  const whole = tree.duration > 0 ? tree.duration : 1;
  const left = ((span.start - tree.start) / whole) * 100;
  const width = (span.duration / whole) * 100;
  const past = left + width;
  return (
    <div data-span={span.spanId} style={{ borderBottom: `1px solid ${theme.colors.border.weak}` }}>
      <div
        style={{
          display: "flex",
          alignItems: "stretch",
          background: open ? theme.colors.background.secondary : undefined,
        }}
      >
        <div
          style={{
            width: nameShare,
            flexShrink: 0,
            display: "flex",
            alignItems: "center",
            paddingLeft: 8 + Math.min(node.depth, deepest) * 14,
            minWidth: 0,
          }}
        >
          <span style={{ width: 20, flexShrink: 0 }}>
            {node.children.length > 0 && (
              <IconButton
                name={folded ? "angle-right" : "angle-down"}
                aria-label={folded ? `Unfold ${node.below} spans` : "Fold"}
                onClick={onFold}
              />
            )}
          </span>
          <button
            type="button"
            aria-expanded={open}
            onClick={onOpen}
            style={{
              all: "unset",
              cursor: "pointer",
              flexGrow: 1,
              minWidth: 0,
              padding: theme.spacing(0.5),
              borderLeft: `3px solid ${color}`,
              whiteSpace: "nowrap",
              overflow: "hidden",
              textOverflow: "ellipsis",
            }}
          >
            {span.failed && (
              <>
                <Icon
                  name="exclamation-circle"
                  style={{ color: theme.colors.error.text }}
                  aria-label="Failed"
                />{" "}
              </>
            )}
            <strong style={{ fontWeight: theme.typography.fontWeightMedium }}>{span.service}</strong>{" "}
            <span style={{ color: theme.colors.text.secondary }}>
              {span.name}
              {folded && ` (+${node.below})`}
              {node.orphan && " · its parent is missing"}
            </span>
          </button>
        </div>
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          onClick={onOpen}
          style={{
            all: "unset",
            cursor: "pointer",
            position: "relative",
            flexGrow: 1,
            marginRight: theme.spacing(9),
          }}
        >
          {marks.map((mark) => (
            <span
              key={mark}
              style={{
                position: "absolute",
                top: 0,
                bottom: 0,
                left: `${(mark / whole) * 100}%`,
                borderLeft: `1px solid ${theme.colors.border.weak}`,
              }}
            />
          ))}
          <span
            style={{
              position: "absolute",
              top: "25%",
              height: "50%",
              left: `${left}%`,
              width: `${width}%`,
              minWidth: 2,
              borderRadius: 2,
              background: color,
              boxShadow: span.failed ? `0 0 0 1px ${theme.colors.error.main}` : undefined,
            }}
          />
          {span.events.map(({ time }, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: two events may be at one time
              key={index}
              style={{
                position: "absolute",
                top: "15%",
                height: "70%",
                left: `${((time - tree.start) / whole) * 100}%`,
                borderLeft: `1px solid ${theme.colors.text.primary}`,
              }}
            />
          ))}
          <span
            style={{
              position: "absolute",
              top: "50%",
              transform: "translateY(-50%)",
              whiteSpace: "nowrap",
              color: theme.colors.text.secondary,
              ...(past < 75
                ? { left: `calc(${past}% + 6px)` }
                : left > 25
                  ? { right: `calc(${100 - left}% + 6px)` }
                  : { right: `calc(${100 - past}% + 6px)`, color: theme.colors.getContrastText(color) }),
            }}
          >
            {duration(span.duration)}
            {tokensOf(node)}
          </span>
        </button>
      </div>
      {open && <SpanDetails span={span} traceStart={tree.start} onOpenTrace={onOpenTrace} />}
    </div>
  );
}

/** What a call of a model used, in short. */
function tokensOf({ span }: SpanNode): string {
  const facts = new Map(genAiFacts(span).map(({ label, value }) => [label, value]));
  const input = facts.get("Input tokens");
  const output = facts.get("Output tokens");
  const counts = [input, output].filter((count) => count !== undefined);
  return counts.length === 0 ? "" : ` · ${counts.join(" → ")} tokens`;
}
