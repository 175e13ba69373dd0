"""Sets telemetry up once per process, and takes it down cleanly."""

import logging
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from opentelemetry import metrics, trace
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.trace import TracerProvider

from telemetry.logs import configure_logs
from telemetry.metrics import Metrics
from telemetry.request_spans import RequestSpans
from telemetry.traces import tracer_provider


@dataclass(frozen=True, slots=True)
class Telemetry:
    """A process's telemetry."""

    tracers: TracerProvider
    figures: Metrics

    def instrument(self, app: FastAPI) -> None:
        """Each request of `app` is a span that continues the sender's trace; health and metrics are left out."""
        app.add_middleware(RequestSpans, tracer=self.tracers.get_tracer("telemetry"))

    def metrics_text(self) -> bytes:
        """The process's figures in Prometheus' text format."""
        return self.figures.as_text()

    def shutdown(self) -> None:
        """Spans still in memory are written, and nothing is recorded any more."""
        instrumentor = HTTPXClientInstrumentor()
        if instrumentor.is_instrumented_by_opentelemetry:
            instrumentor.uninstrument()
        self.tracers.shutdown()
        self.figures.shutdown()


def setup(
    service: str,
    *,
    spans_file: Path | None = None,
    otlp_endpoint: str | None = None,
    sample_ratio: float = 1.0,
    log_level: int = logging.INFO,
) -> Telemetry:
    """Logs, traces and figures of this process are on; call once, at its start.

    Args:
        service: name of the process in every line, span and figure.
        spans_file: where to append spans as JSON lines; None writes none.
        otlp_endpoint: base URL of an OpenTelemetry collector (OTEL_EXPORTER_OTLP_ENDPOINT); None sends none.
        sample_ratio: share of new traces recorded, 0 to 1.
        log_level: the lowest level that is written, as `logging` numbers them.
    """
    configure_logs(service, level=log_level)
    tracers = tracer_provider(
        service, spans_file=spans_file, otlp_endpoint=otlp_endpoint, sample_ratio=sample_ratio
    )
    figures = Metrics(service)
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(figures.provider)
    HTTPXClientInstrumentor().instrument(tracer_provider=tracers, meter_provider=NoOpMeterProvider())
    return Telemetry(tracers, figures)
