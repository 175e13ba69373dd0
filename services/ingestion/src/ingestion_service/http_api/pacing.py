"""Holds sources to their rates over HTTP, before anything of a request is recorded."""

import math
import time
from collections.abc import Callable

from httpapi.problems import TooMany

from ingestion_service.model.source import Source
from ingestion_service.rules.pacing import Bucket, filled, full, paid, wait_s


class Pacer:
    """The buckets of the sources that have a rate, in this process."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._buckets: dict[int, Bucket] = {}

    def admit(self, source: Source, facts: int | None) -> None:
        """So many facts are let in and counted; None, not known how many: what comes is counted by `charge`.

        Raises:
            TooMany: The source must wait; nothing was counted.
        """
        if source.rate is None:
            return
        bucket = self._now(source)
        if wait := wait_s(bucket, source.rate, facts):
            rate = source.rate
            detail = f"This source may send {rate.burst} facts at once and {rate.facts_per_s} a second."
            raise TooMany(detail, retry_after_s=math.ceil(wait))
        self._buckets[source.id] = paid(bucket, facts or 0)

    def charge(self, source: Source, facts: int) -> None:
        """So many facts of a stream that was let in have come."""
        if source.rate is not None:
            self._buckets[source.id] = paid(self._now(source), facts)

    def _now(self, source: Source) -> Bucket:
        assert source.rate is not None  # noqa: S101 - its callers looked
        now_s = self._clock_s()
        bucket = self._buckets.get(source.id)
        return full(source.rate, now_s) if bucket is None else filled(bucket, source.rate, now_s)
