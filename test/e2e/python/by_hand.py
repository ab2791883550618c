"""An application whose author writes spans by hand, in plain words."""

from openai import OpenAI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

traces = TracerProvider()
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
client = OpenAI(api_key="sk-demo", max_retries=0)

with trace.get_tracer("shop", tracer_provider=traces).start_as_current_span("ask the model") as span:
    answer = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Where is my order?"}], user="ada"
    )
    span.set_attribute("llm.provider", "openai")
    span.set_attribute("llm.model", "gpt-4o-mini")
    span.set_attribute("llm.tokens.input", answer.usage.prompt_tokens)
    span.set_attribute("llm.tokens.output", answer.usage.completion_tokens)
    span.set_attribute("llm.cost_usd", 0.25)
    span.set_attribute("llm.temperature", 1)
    span.set_attribute("user.id", "ada")
    span.set_attribute("team", "support")
    span.set_attribute("feature", "order-status")

traces.shutdown()
