"""What was recorded, as figures for those who run the service."""

from collections.abc import Sequence

from opentelemetry import metrics

from ingestion_service.model.verdict import Outcome

_COUNTED = (Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.QUARANTINED)


class Meters:
    """Counts what was told of committed batches that came one way, such as `http`."""

    def __init__(self, way: str) -> None:
        meter = metrics.get_meter("ingestion")
        self._way = {"way": way}
        self._facts = meter.create_counter(
            "ingestion.facts", description="facts recorded, by way and verdict"
        )
        self._batch = meter.create_histogram("ingestion.batch.facts", description="facts of a transaction")
        self._took = meter.create_histogram(
            "ingestion.batch.duration",
            unit="s",
            description="from the first attempt at a batch to its commit",
        )

    def recorded(self, told: Sequence[Outcome], took_s: float) -> None:
        """One batch is committed, `took_s` seconds after work on it began."""
        for outcome in _COUNTED:
            if count := told.count(outcome):
                self._facts.add(count, {**self._way, "verdict": outcome.value})
        self._batch.record(len(told), self._way)
        self._took.record(took_s, self._way)
