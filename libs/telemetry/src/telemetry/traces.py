"""Builds the tracer provider: what is sampled, and where spans go."""

from pathlib import Path

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler, TraceIdRatioBased

from telemetry.span_file import SpanFileExporter


def tracer_provider(
    service: str, *, spans_file: Path | None, otlp_endpoint: str | None, sample_ratio: float
) -> TracerProvider:
    """A provider whose spans go to the file and the collector given; with neither, nothing is recorded.

    Args:
        service: name of the process in every span.
        spans_file: where to append spans as JSON lines.
        otlp_endpoint: base URL of an OpenTelemetry collector (OTLP over HTTP).
        sample_ratio: share of new traces recorded, 0 to 1; a trace that began elsewhere keeps its decision.
    """
    exporters: list[SpanExporter] = []
    if spans_file is not None:
        exporters.append(SpanFileExporter(spans_file, service))
    if otlp_endpoint:
        exporters.append(OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces"))
    sampler: Sampler = ParentBased(TraceIdRatioBased(sample_ratio)) if exporters else ALWAYS_OFF
    resource = Resource.create({SERVICE_NAME: service})
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    for exporter in exporters:
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    return provider
