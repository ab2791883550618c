import { type DataFrame, dateTimeFormat, type Field, FieldType, formattedValueToString } from "@grafana/data";
import { ClipboardButton, Drawer, Tab, TabsBar } from "@grafana/ui";
import { useState } from "react";
import type { PanelJson } from "../data/model.js";
import { asDuration } from "../data/step.js";
import { useDashboardContext } from "./dashboard-context.js";
import type { PanelAnswer } from "./use-panel-data.js";

/** More rows than this nobody reads here. */
const mostRows = 200;

interface InspectProps {
  title: string;
  panel: PanelJson;
  answer: PanelAnswer | undefined;
  onClose(): void;
}

/** What a panel asked, what came back, and how it is defined. */
export function Inspect({ title, panel, answer, onClose }: InspectProps) {
  const [tab, setTab] = useState<"query" | "data" | "json">("query");
  const json = JSON.stringify(panel, null, 2);
  const tabs = { query: "Query", data: "Data", json: "JSON" } as const;
  return (
    <Drawer title={title} subtitle="Query and data" size="md" onClose={onClose}>
      <TabsBar>
        {Object.entries(tabs).map(([id, label]) => (
          <Tab key={id} label={label} active={tab === id} onChangeTab={() => setTab(id as typeof tab)} />
        ))}
      </TabsBar>
      <div className="inspect">
        {tab === "query" && <Queries answer={answer} />}
        {tab === "data" &&
          (answer?.frames ?? []).map((frame, at) => <FrameTable key={frameKey(frame, at)} frame={frame} />)}
        {tab === "json" && <Code text={json} />}
      </div>
    </Drawer>
  );
}

function Queries({ answer }: { answer: PanelAnswer | undefined }) {
  if (!answer) return null;
  return (
    <>
      {answer.errors.map(({ refId, message, next }) => (
        <p key={refId} className="inspect-error" role="alert">
          {refId && `${refId}: `}
          {message} {next}
        </p>
      ))}
      {answer.sent.map(({ refId, dataSource, text, step }) => (
        <section key={refId}>
          <h3>
            {refId} · {dataSource}
            {step !== undefined && ` · a point every ${asDuration(step)}`}
          </h3>
          <Code text={text} />
        </section>
      ))}
      {answer.sent.length === 0 && answer.errors.length === 0 && <p>This panel asks nothing.</p>}
    </>
  );
}

function Code({ text }: { text: string }) {
  return (
    <div className="code">
      <pre>{text}</pre>
      <ClipboardButton
        icon="copy"
        size="sm"
        variant="secondary"
        fill="text"
        aria-label="Copy"
        getText={() => text}
      />
    </div>
  );
}

const frameKey = ({ refId, name }: DataFrame, at: number) => `${refId}/${name}/${at}`;

function FrameTable({ frame }: { frame: DataFrame }) {
  const { timeZone } = useDashboardContext();
  const { fields, length, name, refId } = frame;
  const cell = ({ type, display, values }: Field, row: number) => {
    const value = values[row];
    if (value === null || value === undefined) return "";
    if (type === FieldType.time) return dateTimeFormat(value, { timeZone });
    if (display) return formattedValueToString(display(value));
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return (
    <section>
      <h3>
        {[refId, name].filter(Boolean).join(" · ")} · {length} {length === 1 ? "row" : "rows"}
      </h3>
      <div className="frame-table">
        <table>
          <thead>
            <tr>
              {fields.map((field) => (
                <th key={field.name}>{field.config.displayName ?? field.name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.min(length, mostRows) }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beside their place
              <tr key={row}>
                {fields.map((field) => (
                  <td key={field.name}>{cell(field, row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {length > mostRows && <p>The first {mostRows} rows.</p>}
    </section>
  );
}
