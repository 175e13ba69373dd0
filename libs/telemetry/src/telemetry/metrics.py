"""Figures of a process, kept by OpenTelemetry and given out in Prometheus' text format."""

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from prometheus_client import CollectorRegistry, generate_latest


class Metrics:
    """A meter provider of its own, and what it counted so far."""

    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        self._reader = PrometheusMetricReader(registry=self._registry)
        self.provider = MeterProvider(
            metric_readers=[self._reader],
            resource=Resource.create({SERVICE_NAME: service}),
            shutdown_on_exit=False,
        )

    def as_text(self) -> bytes:
        """Every figure in Prometheus' text format; what `/metrics` answers."""
        return generate_latest(self._registry)

    def shutdown(self) -> None:
        """Nothing is counted any more."""
        self.provider.shutdown()
