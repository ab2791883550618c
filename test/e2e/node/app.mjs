// An application with the OpenTelemetry SDK as its makers publish it. It knows no endpoint: that is in OTEL_* variables.
// Usage: app.mjs ORDERS. Handles that many orders, one trace, log line and count each; prints one trace id a line.
import { metrics, SpanKind, trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();

const tracer = trace.getTracer("shop");
const orders = metrics.getMeter("shop").createCounter("shop.orders", { unit: "{order}" });
const logger = logs.getLogger("shop");

for (let number = 0; number < Number(process.argv[2]); number++) {
  tracer.startActiveSpan("order", { kind: SpanKind.SERVER, attributes: { "obs.keep": true } }, (span) => {
    tracer.startActiveSpan("chat small-model", { kind: SpanKind.CLIENT }, (call) => {
      call.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "small-model" });
      call.end();
    });
    orders.add(1);
    logger.emit({
      severityNumber: SeverityNumber.WARN,
      severityText: "WARN",
      body: `handled order ${number}`,
    });
    console.log(span.spanContext().traceId);
    span.end();
  });
}

await sdk.shutdown();
