"""OpenTelemetry and structured logs, set up once per process by its composition root; reads no environment.

- `process`: `setup` and what it gives back.
- `traces`, `span_file`: what is sampled, where spans go.
- `request_spans`: one span per HTTP request.
- `logs`: one JSON object per line with the trace's id.
- `metrics`: figures in Prometheus' text format.
"""

from telemetry.logs import configure_logs
from telemetry.metrics import Metrics
from telemetry.process import Telemetry, setup
from telemetry.span_file import SpanFileExporter, span_as_json
from telemetry.traces import tracer_provider

__all__ = [
    "Metrics",
    "SpanFileExporter",
    "Telemetry",
    "configure_logs",
    "setup",
    "span_as_json",
    "tracer_provider",
]
