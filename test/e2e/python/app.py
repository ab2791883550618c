"""An application with the OpenTelemetry SDK as its makers publish it. It knows no endpoint: that is in OTEL_* variables.

Usage: app.py ORDERS. Handles that many orders, one trace, log line and count each; prints one trace id a line.
"""

import logging
import sys

from opentelemetry import _logs, metrics, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

traces = TracerProvider()
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(traces)
meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])
metrics.set_meter_provider(meters)
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
_logs.set_logger_provider(logs)
logging.getLogger().addHandler(LoggingHandler(logger_provider=logs))

tracer = trace.get_tracer("shop")
orders = metrics.get_meter("shop").create_counter("shop.orders", unit="{order}")
log = logging.getLogger("shop")

for number in range(int(sys.argv[1])):
    with tracer.start_as_current_span("order", kind=SpanKind.SERVER) as span:
        span.set_attribute("obs.keep", True)
        with tracer.start_as_current_span("chat small-model", kind=SpanKind.CLIENT) as call:
            call.set_attribute("gen_ai.operation.name", "chat")
            call.set_attribute("gen_ai.request.model", "small-model")
        orders.add(1)
        log.warning("handled order %d", number)
        print(format(span.get_span_context().trace_id, "032x"), flush=True)

for provider in (traces, meters, logs):
    provider.shutdown()
