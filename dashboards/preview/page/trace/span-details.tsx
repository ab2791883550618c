import { Button, useTheme2 } from "@grafana/ui";
import type { ReactNode } from "react";
import { duration } from "./durations.js";
import { genAiFacts } from "./gen-ai.js";
import { type Attribute, type Span, written } from "./trace.js";

interface SpanDetailsProps {
  span: Span;
  /** Milliseconds since 1970. */
  traceStart: number;
  onOpenTrace(traceId: string): void;
}

/** All that a span says of itself, what it says of a model first. */
export function SpanDetails({ span, traceStart, onOpenTrace }: SpanDetailsProps) {
  const theme = useTheme2();
  const facts = genAiFacts(span);
  return (
    <div style={{ padding: theme.spacing(1, 2, 2, 4), background: theme.colors.background.secondary }}>
      <div style={{ display: "flex", flexWrap: "wrap", gap: theme.spacing(2) }}>
        <Fact label="Duration" value={duration(span.duration)} />
        <Fact label="Starts at" value={duration(span.start - traceStart)} />
        {span.kind !== "" && <Fact label="Kind" value={span.kind} />}
        <Fact label="Span" value={span.spanId} />
        {span.scope !== "" && <Fact label="Instrumentation" value={span.scope} />}
      </div>
      {span.failed && (
        <div style={{ color: theme.colors.error.text, marginTop: theme.spacing(1) }}>
          Failed{span.statusMessage !== "" && `: ${span.statusMessage}`}
        </div>
      )}
      {facts.length > 0 && (
        <Section title="Model">
          <div style={{ display: "flex", flexWrap: "wrap", gap: theme.spacing(1, 3) }}>
            {facts.map(({ label, value }) => (
              <Fact key={label} label={label} value={value} />
            ))}
          </div>
        </Section>
      )}
      <Attributes title="Attributes" attributes={span.attributes} />
      {span.events.length > 0 && (
        <Section title={`Events (${span.events.length})`}>
          {span.events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events may be alike in all
            <div key={index}>
              <span style={{ color: theme.colors.text.secondary }}>{duration(event.time - traceStart)}</span>{" "}
              <strong>{event.name}</strong>
              <AttributeTable attributes={event.attributes} />
            </div>
          ))}
        </Section>
      )}
      {span.links.length > 0 && (
        <Section title="Links to other traces">
          {span.links.map(({ traceId, spanId }) => (
            <Button
              key={`${traceId}-${spanId}`}
              size="sm"
              variant="secondary"
              fill="text"
              icon="link"
              onClick={() => onOpenTrace(traceId)}
            >
              {traceId}
            </Button>
          ))}
        </Section>
      )}
      <Attributes title="Resource" attributes={span.resource} />
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  const theme = useTheme2();
  return (
    <div>
      <div style={{ color: theme.colors.text.secondary }}>{label}</div>
      <div style={{ overflowWrap: "anywhere" }}>{value}</div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const theme = useTheme2();
  return (
    <div style={{ marginTop: theme.spacing(1.5) }}>
      <div style={{ fontWeight: theme.typography.fontWeightMedium, marginBottom: theme.spacing(0.5) }}>
        {title}
      </div>
      {children}
    </div>
  );
}

function Attributes({ title, attributes }: { title: string; attributes: Attribute[] }) {
  if (attributes.length === 0) return null;
  return (
    <Section title={title}>
      <AttributeTable attributes={attributes} />
    </Section>
  );
}

function AttributeTable({ attributes }: { attributes: Attribute[] }) {
  const theme = useTheme2();
  return (
    <table style={{ fontFamily: theme.typography.fontFamilyMonospace, width: "100%", tableLayout: "fixed" }}>
      <tbody>
        {attributes.map(({ name, value }) => (
          <tr key={name}>
            <td
              style={{
                width: "32%",
                color: theme.colors.text.secondary,
                verticalAlign: "top",
                overflowWrap: "anywhere",
                paddingRight: theme.spacing(1),
              }}
            >
              {name}
            </td>
            <td style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{written(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
