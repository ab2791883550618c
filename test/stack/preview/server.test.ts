import { request } from "node:http";
import type { ErrorAnswer, State } from "../../../dashboards/preview/api.js";
import { Preview } from "../../../stack/preview/preview.js";
import { type PreviewServer, servePreview } from "../../../stack/preview/server.js";
import { projectAt } from "../../../stack/project.js";
import { withPlayedServer } from "../../support/played-server.js";
import { generatedOf } from "../../support/previewed.js";

/** Serves a preview of two dashboards whose Prometheus answers what it was asked. */
async function withServer(use: (server: PreviewServer) => Promise<void>): Promise<void> {
  await withPlayedServer(
    (asked, response) => {
      let body = "";
      asked.on("data", (chunk) => {
        body += chunk;
      });
      asked.on("end", () => response.end(JSON.stringify({ method: asked.method, url: asked.url, body })));
    },
    async (address) => {
      const project = projectAt("/nowhere/obs.config.ts");
      const generated = generatedOf(["one", "two"], address);
      const reader = { read: async () => ({ generated, problems: [], files: [] }), close() {} };
      const server = await servePreview(project, new Preview({ project, reader }), 0);
      try {
        await use(server);
      } finally {
        await server.close();
      }
    },
  );
}

/** Asks with a path and headers as they are written here. */
function ask(
  { port }: PreviewServer,
  path: string,
  { method = "GET", headers = {}, body = "" } = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

test("only its own names are answered: a name that suddenly means this machine is not", () =>
  withServer(async (server) => {
    const statusFor = async (host: string) => (await ask(server, "/api/state", { headers: { host } })).status;
    expect(await statusFor(`127.0.0.1:${server.port}`)).toBe(200);
    expect(await statusFor(`localhost:${server.port}`)).toBe(200);
    for (const host of ["evil.example", `evil.example:${server.port}`, "127.0.0.1", "127.0.0.1:1"])
      expect([host, await statusFor(host)]).toEqual([host, 403]);
  }));

test.each([
  [{ origin: "http://evil.example" }],
  [{ origin: "null" }],
  [{ origin: "https://localhost" }],
  [{ "sec-fetch-site": "cross-site" }],
  [{ "sec-fetch-site": "same-site" }],
])("a page from elsewhere is told nothing: %j", (headers) =>
  withServer(async (server) => {
    for (const path of [
      "/api/state",
      "/api/events",
      "/api/dashboards/one",
      "/api/ds/prometheus/api/v1/query",
    ])
      expect([path, (await ask(server, path, { headers })).status]).toEqual([path, 403]);
  }),
);

test("its own page is told, and a link from elsewhere leads to the page", () =>
  withServer(async (server) => {
    const own = { origin: `http://127.0.0.1:${server.port}`, "sec-fetch-site": "same-origin" };
    expect((await ask(server, "/api/state", { headers: own })).status).toBe(200);
    const { status } = await ask(server, "/d/one?from=now-1h", {
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(status).not.toBe(403);
  }));

test.each(["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])("%s changes nothing anywhere", (method) =>
  withServer(async (server) => {
    for (const path of ["/", "/api/state", "/api/events", "/api/dashboards/one", "/assets/main.js"]) {
      const { status, headers } = await ask(server, path, { method });
      expect([path, status, headers.allow]).toEqual([path, 405, "GET"]);
    }
    const put = await ask(server, "/api/ds/prometheus/api/v1/rules", { method });
    expect([put.status, put.headers.allow]).toEqual([405, "GET"]);
  }),
);

test("a page may run its own scripts only, and reach nothing but its server", () =>
  withServer(async (server) => {
    const policy = String((await ask(server, "/api/state")).headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/https?:|\*/);
  }));

test("stores are asked what reads, with the query as it is, by GET and by a form", () =>
  withServer(async (server) => {
    const got = await ask(server, "/api/ds/prometheus/api/v1/query?query=a%2Bb&time=1");
    expect(JSON.parse(got.text)).toEqual({
      method: "GET",
      url: "/api/v1/query?query=a%2Bb&time=1",
      body: "",
    });
    const posted = await ask(server, "/api/ds/prometheus/api/v1/query_range", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "query=up&step=15",
    });
    expect(JSON.parse(posted.text)).toMatchObject({ method: "POST", body: "query=up&step=15" });
  }));

test.each([
  ["/api/ds/prometheus/api/v1/admin/tsdb/snapshot", 403],
  ["/api/ds/prometheus/api/v1/label/..%2f..%2fadmin/values", 403],
  ["/api/ds/prometheus/api/v1/label/../../../-/quit", 403],
  ["/api/ds/prometheus/../../state", 200],
  ["/api/ds/prometheus//evil.example/", 403],
  ["/api/ds/prometheus", 404],
  ["/api/ds/loki/loki/api/v1/labels", 404],
  ["/api/dashboards/three", 404],
  ["/api/dashboards/one/more", 404],
  ["/assets/../../../package.json", 404],
  ["/assets/..%2f..%2f..%2fpackage.json", 404],
  ["/assets/%00", 404],
  ["/assets/%zz", 404],
  ["/assets//etc/passwd", 404],
  ["//evil.example/", 400],
  ["http://evil.example/", 400],
  ["/etc/passwd", 404],
])("%s is answered with %i", (path, status) =>
  withServer(async (server) => {
    expect((await ask(server, path)).status).toBe(status);
  }),
);

test("a query longer than any, or of another kind, is refused", () =>
  withServer(async (server) => {
    const post = (type: string, body: string) =>
      ask(server, "/api/ds/prometheus/api/v1/query", {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
    expect((await post("application/x-www-form-urlencoded", "x".repeat(300_000))).status).toBe(413);
    expect((await post("text/plain", "query=up")).status).toBe(415);
  }));

test("a refusal says what and what next, as the page shows it", () =>
  withServer(async (server) => {
    const { error } = JSON.parse((await ask(server, "/api/dashboards/three")).text) as ErrorAnswer;
    expect(error).toEqual({
      status: 404,
      what: 'There is no dashboard with the UID "three".',
      next: "`dashboards` of obs.config.ts lists those there are.",
    });
  }));

test("events tell the state at once", () =>
  withServer(async (server) => {
    const response = await fetch(`${server.url}api/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (/data: .*\n\n/.test(text)) break;
    }
    const [, data = ""] = /event: state\ndata: (.*)\n\n/.exec(text)!;
    expect((JSON.parse(data) as State).dashboards.map(({ uid }) => uid)).toEqual(["one", "two"]);
  }));

test("a port that is taken is an error for whoever asked for it", () =>
  withServer(async ({ port }) => {
    const project = projectAt("/nowhere/obs.config.ts");
    const reader = { read: async () => ({ problems: [], files: [] }), close() {} };
    await expect(servePreview(project, new Preview({ project, reader }), port)).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  }));
