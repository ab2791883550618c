import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** A Grafana as far as `obs dashboards diff` knows its HTTP API: it holds dashboards, and minds who asks. */
export interface FakeGrafana {
  url: string;
  port: number;
  /** Puts a dashboard there as provisioning does, or as somebody who edits saves it: the version counts up. */
  hold(dashboard: object, folderTitle?: string): void;
  /** Changes a dashboard that it holds, as somebody does in its pages, which add all their defaults. */
  edit(uid: string, change: (dashboard: Json) => void): void;
  /** Every request, with how it proved who asks. */
  asked: { path: string; authorization: string | undefined }[];
  /** Answers everything in another way: a login page, what isn't Grafana. */
  answer: "as Grafana" | "redirect to login" | "a page";
  close(): Promise<void>;
}

/** `accepts`: the value of the header `Authorization` that it takes. */
export async function startFakeGrafana(accepts: string, port = 0): Promise<FakeGrafana> {
  const held = new Map<string, { dashboard: Json; folderTitle: string; version: number }>();
  const fake: Pick<FakeGrafana, "asked" | "answer"> = { asked: [], answer: "as Grafana" };
  const respond = (request: IncomingMessage): [number, unknown, Record<string, string>?] => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://grafana");
    fake.asked.push({
      path: `${pathname}${request.url?.includes("?") ? "?" : ""}`,
      authorization: request.headers.authorization,
    });
    if (fake.answer === "redirect to login") return [302, "", { location: "http://elsewhere.invalid/login" }];
    if (fake.answer === "a page") return [200, "<html>Welcome</html>", { "content-type": "text/html" }];
    if (request.headers.authorization !== accepts)
      return [401, { message: "Invalid username or password", messageId: "password-auth.failed" }];
    if (pathname === "/api/search") {
      const limit = Math.min(Number(searchParams.get("limit") ?? 1000), 5000);
      const page = Number(searchParams.get("page") ?? 1);
      const all = [...held].map(([uid, { dashboard, folderTitle }]) => ({
        ...{
          id: dashboard.id,
          uid,
          title: dashboard.title,
          uri: `db/${uid}`,
          url: `/d/${uid}/${uid}`,
          slug: "",
        },
        ...{ type: "dash-db", tags: dashboard.tags ?? [], isStarred: false, folderTitle },
      }));
      return [200, all.slice((page - 1) * limit, page * limit)];
    }
    const uid = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(pathname)?.[1];
    const found = uid === undefined ? undefined : held.get(decodeURIComponent(uid));
    if (!found) return [404, { message: "Dashboard not found" }];
    const { dashboard, folderTitle, version } = found;
    const meta = {
      type: "db",
      canSave: false,
      slug: uid,
      version,
      folderTitle,
      provisioned: true,
      provisionedExternalId: `${uid}.json`,
    };
    return [200, { meta, dashboard: { ...dashboard, version } }];
  };
  const server = createServer((request, response) => {
    const [status, body, headers = {}] = respond(request);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = (server.address() as AddressInfo).port;
  return Object.assign(fake, {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    hold: (dashboard: object, folderTitle = "General") => {
      const copy = JSON.parse(JSON.stringify(dashboard)) as Json;
      held.set(String(copy.uid), { dashboard: { ...copy, id: held.size + 1 }, folderTitle, version: 1 });
    },
    edit: (uid: string, change: (dashboard: Json) => void) => {
      const found = held.get(uid)!;
      change(found.dashboard);
      found.dashboard = asPagesSave(found.dashboard);
      found.version += 1;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** What Grafana's pages write when somebody saves: everything, whether anybody set it or not. */
export function asPagesSave(dashboard: Json): Json {
  const panels = (dashboard.panels as Json[]).map((panel) => {
    const inner = panel.panels as Json[] | undefined;
    return panel.type === "row" ? { ...panel, panels: inner?.map(savedPanel) } : savedPanel(panel);
  });
  return {
    ...{
      editable: true,
      fiscalYearStartMonth: 0,
      graphTooltip: 0,
      links: [],
      liveNow: false,
      preload: false,
      tags: [],
    },
    ...{ timepicker: {}, weekStart: "", refresh: "" },
    ...dashboard,
    panels,
    schemaVersion: 42,
    annotations: {
      list: [builtIn, ...((dashboard.annotations as { list?: Json[] } | undefined)?.list ?? [])],
    },
  };
}

const builtIn = {
  builtIn: 1,
  datasource: { type: "grafana", uid: "-- Grafana --" },
  enable: true,
  hide: true,
  iconColor: "rgba(0, 211, 255, 1)",
  name: "Annotations & Alerts",
  type: "dashboard",
};

function savedPanel(panel: Json): Json {
  const fieldConfig = (panel.fieldConfig ?? { defaults: {}, overrides: [] }) as {
    defaults: Json;
    overrides: unknown[];
  };
  const isGraph = panel.type === "timeseries";
  const thresholds = { mode: "absolute", steps: [{ color: "green" }, { color: "red", value: 80 }] };
  const defaults = {
    ...{ mappings: [], thresholds, color: { mode: isGraph ? "palette-classic" : "thresholds" } },
    ...fieldConfig.defaults,
    ...(isGraph && { custom: { ...usualLines, ...(fieldConfig.defaults.custom as Json) } }),
  };
  return {
    ...panel,
    pluginVersion: "13.2.0",
    fieldConfig: { ...fieldConfig, defaults },
    targets: (panel.targets as Json[] | undefined)?.map((target) => ({ editorMode: "code", ...target })),
  };
}

const usualLines = {
  ...{
    axisBorderShow: false,
    axisCenteredZero: false,
    axisColorMode: "text",
    axisLabel: "",
    axisPlacement: "auto",
  },
  ...{
    barAlignment: 0,
    barWidthFactor: 0.6,
    drawStyle: "line",
    fillOpacity: 0,
    gradientMode: "none",
    insertNulls: false,
  },
  ...{
    hideFrom: { legend: false, tooltip: false, viz: false },
    lineInterpolation: "linear",
    lineWidth: 1,
    pointSize: 5,
  },
  ...{ scaleDistribution: { type: "linear" }, showPoints: "auto", showValues: false, spanNulls: false },
  ...{ stacking: { group: "A", mode: "none" }, thresholdsStyle: { mode: "off" } },
};
