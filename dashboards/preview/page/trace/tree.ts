import type { Span, Trace } from "./trace.js";

/** A span with the spans it called. */
export interface SpanNode {
  span: Span;
  /** 0 at a root. */
  depth: number;
  /** By their start. */
  children: SpanNode[];
  /** Spans below it, at any depth. */
  below: number;
  /** The span it names as its parent is not there. */
  orphan: boolean;
}

/** A whole trace, ready to be drawn. */
export interface TraceTree {
  roots: SpanNode[];
  /** Milliseconds since 1970. */
  start: number;
  duration: number;
  services: { name: string; spans: number }[];
  failed: number;
  spans: number;
}

/**
 * Nests spans by their parents. Spans whose parent is missing become roots; of two with one id the first counts; a circle
 * of parents is cut open at the span that began first.
 */
export function traceTree({ spans }: Trace): TraceTree {
  const byStart = [...spans].sort((a, b) => a.start - b.start || b.duration - a.duration);
  const nodes = new Map<string, SpanNode>();
  for (const span of byStart)
    if (!nodes.has(span.spanId))
      nodes.set(span.spanId, { span, depth: 0, children: [], below: 0, orphan: false });
  const roots: SpanNode[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parentId);
    if (parent !== undefined && parent !== node) parent.children.push(node);
    else {
      node.orphan = node.span.parentId !== "" && parent !== node;
      roots.push(node);
    }
  }
  const reached = new Set<SpanNode>();
  for (const root of roots) settle(root, reached);
  for (const node of nodes.values())
    if (!reached.has(node)) {
      node.orphan = true;
      roots.push(node);
      settle(node, reached);
    }
  const kept = [...nodes.values()].map(({ span }) => span);
  const start = kept.reduce((least, span) => Math.min(least, span.start), Number.POSITIVE_INFINITY);
  const end = kept.reduce(
    (most, span) => Math.max(most, span.start + span.duration),
    Number.NEGATIVE_INFINITY,
  );
  return {
    roots,
    start: kept.length === 0 ? 0 : start,
    duration: kept.length === 0 ? 0 : end - start,
    services: servicesOf(kept),
    failed: kept.filter(({ failed }) => failed).length,
    spans: kept.length,
  };
}

/** Gives depths and counts below a root, without a call for each level: a trace may be thousands of spans deep. */
function settle(root: SpanNode, reached: Set<SpanNode>): void {
  const order: SpanNode[] = [];
  const waiting = [root];
  reached.add(root);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    order.push(node);
    node.children = node.children.filter((child) => !reached.has(child));
    for (const child of node.children) {
      reached.add(child);
      child.depth = node.depth + 1;
      waiting.push(child);
    }
  }
  for (const node of order.reverse())
    node.below = node.children.reduce((sum, child) => sum + 1 + child.below, 0);
}

/** Nodes from top to bottom, without what is below the folded ones. */
export function unfolded(roots: readonly SpanNode[], folded: ReadonlySet<string>): SpanNode[] {
  const shown: SpanNode[] = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    shown.push(node);
    if (!folded.has(node.span.spanId)) waiting.push(...[...node.children].reverse());
  }
  return shown;
}

function servicesOf(spans: readonly Span[]): { name: string; spans: number }[] {
  const counts = new Map<string, number>();
  for (const { service } of spans) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].map(([name, spans]) => ({ name, spans }));
}
