import { formatUp } from "../../../cli/reporters/up.js";
import type { Endpoints } from "../../../stack/endpoints.js";

const endpoints: Endpoints = {
  pages: [{ name: "grafana", title: "dashboards", url: "http://127.0.0.1:3000" }],
  apis: [{ name: "loki", url: "http://127.0.0.1:3100" }],
  otlp: { http: "http://127.0.0.1:4318", grpc: "http://127.0.0.1:4317", tls: false },
};

function text(more: Partial<Parameters<typeof formatUp>[0]> = {}): string {
  return formatUp({
    name: "shop",
    services: [{ name: "grafana", action: "started", ms: 900 }],
    endpoints,
    detached: false,
    ms: 1234,
    color: false,
    ...more,
  });
}

test("the end of up says what was done, where to look, how to send, and what is next", () => {
  expect(text()).toBe(
    [
      "",
      "✔ shop is up: grafana started (1.2 s)",
      "",
      "Look",
      "  grafana   http://127.0.0.1:3000   dashboards",
      "  loki      http://127.0.0.1:3100   API, no pages",
      "",
      "Send data",
      "  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
      "  over gRPC: http://127.0.0.1:4317, with OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
      "",
      "Next: obs verify proves with live data that it works.",
    ].join("\n"),
  );
});

test("a protected, containerised stack says what senders need beyond the address, and never a secret", () => {
  const shown = text({
    endpoints: {
      ...endpoints,
      otlp: {
        http: "https://10.0.0.1:4318",
        grpc: "https://10.0.0.1:4317",
        tls: true,
        token: "OTLP_TOKEN",
        containers: { network: "shop-telemetry", http: "https://otel-collector:4318" },
      },
    },
  });
  expect(shown).toContain('export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer $OTLP_TOKEN"');
  expect(shown).toContain("OTEL_EXPORTER_OTLP_CERTIFICATE=");
  expect(shown).toContain("join the network shop-telemetry, send to https://otel-collector:4318");
});

test("a second up tells the little that it did", () => {
  const services = (["unchanged", "unchanged", "unchanged", "reloaded"] as const).map((action, at) => ({
    name: (["grafana", "loki", "tempo", "prometheus"] as const)[at]!,
    action,
    ms: 0,
  }));
  expect(text({ services })).toContain("shop is up: prometheus reloaded, 3 unchanged");
  expect(text({ services: services.slice(0, 3) })).toContain("shop is up: nothing had changed");
});

test("detached, it sends to status before anything else", () => {
  const shown = text({ detached: true });
  expect(shown).toContain("shop is started: grafana started");
  expect(shown).toContain("Next: obs status says when everything is ready.");
});
