"""What a process tells of its bus: OpenTelemetry figures, read whenever somebody asks for them."""

from collections.abc import Callable, Iterable
from typing import Protocol

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation


class Counts(Protocol):
    """What a bus can tell."""

    def lag(self) -> int:
        """Records not yet applied."""
        ...

    def counted(self, what: str) -> int:
        """The sum over the stages of one of their counts: `applied`, `batches` or `buried`."""
        ...

    def waiting(self) -> int:
        """Batches, and lanes published from their rows, that the relay has yet to publish."""
        ...

    def behind_s(self) -> float:
        """Seconds for which the relay could not publish."""
        ...


def observe(bus: Counts) -> None:
    """The figures of this bus are among those of the process; a batch's mean size is events by batches."""
    meter = metrics.get_meter("eventbus")
    gauges: dict[str, tuple[str, Callable[[], float]]] = {
        "eventbus.lag": ("records not yet applied", bus.lag),
        "eventbus.outbox.waiting": ("committed batches yet to be published", bus.waiting),
        "eventbus.outbox.behind": ("seconds for which nothing could be published", bus.behind_s),
    }
    for name, (description, read) in gauges.items():
        meter.create_observable_gauge(name, [_observed(read)], description=description)
    counters = {
        "eventbus.events": ("events applied", "applied"),
        "eventbus.batches": ("transactions that applied them", "batches"),
        "eventbus.dead_letters": ("events buried", "buried"),
    }
    for name, (description, what) in counters.items():
        meter.create_observable_counter(name, [_counted(bus, what)], description=description)


def _observed(read: Callable[[], float]) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _options: [Observation(read())]


def _counted(bus: Counts, what: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return _observed(lambda: bus.counted(what))
