"""An application that OpenLIT observes, set up as its makers say."""

import os

import openlit
from opentelemetry import trace

# Prices of its own: else it asks for them over the internet.
openlit.init(
    application_name=os.environ["OTEL_SERVICE_NAME"],
    environment="production",
    pricing_json=os.environ["PRICING_JSON"],
)

import calls  # noqa: E402

calls.run()
trace.get_tracer_provider().shutdown()
