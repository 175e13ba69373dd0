"""Trace context across Kafka: one span per batch and sampled trace, none for the rest.

Source: W3C Trace Context; OpenTelemetry semantic conventions for messaging.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind

_TRACER = trace.get_tracer("eventbus")


def current_traceparent() -> str:
    """The `traceparent` of the span around the caller; empty when there is none."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")


def is_sampled(traceparent: str) -> bool:
    """Whether the trace is recorded: the last bit of its flags."""
    return traceparent[-2:] not in {"", "00"}


class BatchSpans:
    """Spans of the sampled traces in a batch, open while it is applied.

    A trace that is not sampled passes through unchanged and costs a dictionary look-up.
    """

    def __init__(self, name: str, traceparents: Iterable[str]) -> None:
        self._spans: dict[str, Span] = {}
        self._next: dict[str, str] = {}
        for traceparent in set(traceparents):
            if is_sampled(traceparent):
                parent = propagate.extract({"traceparent": traceparent})
                span = _TRACER.start_span(name, context=parent, kind=SpanKind.CONSUMER)
                self._spans[traceparent] = span
                carrier: dict[str, str] = {}
                propagate.inject(carrier, trace.set_span_in_context(span))
                self._next[traceparent] = carrier.get("traceparent", traceparent)

    def onward(self, traceparent: str) -> str:
        """The context that an event caused by this one carries."""
        return self._next.get(traceparent, traceparent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for span in self._spans.values():
            if error is not None:
                span.record_exception(error)
            span.end()
