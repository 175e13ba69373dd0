"""How fast facts are taken from a source: a bucket of tokens, one for each fact.

What is larger than the bucket is let in when it is full, and paid off before anything else is.
Source: RFC 2697 §3 for the bucket (committed burst, committed rate); the debt is project-chosen.
"""

from typing import NamedTuple

from ingestion_service.model.source import Rate


class Bucket(NamedTuple):
    """Tokens at an instant, seconds of any clock that only goes forward; below zero: a debt."""

    tokens: float
    at_s: float


def full(rate: Rate, now_s: float) -> Bucket:
    """The bucket of a source that has been quiet."""
    return Bucket(rate.burst, now_s)


def filled(bucket: Bucket, rate: Rate, now_s: float) -> Bucket:
    """The bucket as it is now."""
    tokens = bucket.tokens + (now_s - bucket.at_s) * rate.facts_per_s
    return Bucket(min(tokens, float(rate.burst)), now_s)


def wait_s(bucket: Bucket, rate: Rate, facts: int | None) -> float:
    """Seconds until so many facts may come in; 0 when now. None, not known how many: when the bucket is full."""
    wanted = rate.burst if facts is None else min(facts, rate.burst)
    return max(0.0, (wanted - bucket.tokens) / rate.facts_per_s)


def paid(bucket: Bucket, facts: int) -> Bucket:
    """The bucket after so many came in."""
    return Bucket(bucket.tokens - facts, bucket.at_s)
