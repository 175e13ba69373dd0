"""Merges the trails of the services in order of time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

ORDER = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")


class Step(NamedTuple):
    """One thing that a service knows of the entity, or did about it."""

    at: datetime
    service: str
    kind: str
    what: str
    says: Mapping[str, object]
    trace_id: str | None


def merged(trails: Mapping[str, Sequence[Mapping[str, object]]]) -> list[Step]:
    """All entries in order of time; at the same instant in the order of the loop, then as the service gave them."""
    steps = [_step(service, entry) for service in ORDER for entry in trails.get(service, ())]
    return sorted(steps, key=lambda step: (_milliseconds(step.at), ORDER.index(step.service)))


def by_service(steps: Iterable[Step]) -> dict[str, int]:
    """How many steps each service took."""
    counts = dict.fromkeys(ORDER, 0)
    for step in steps:
        counts[step.service] += 1
    return counts


def _milliseconds(at: datetime) -> int:
    """Some services keep no finer clock: within a millisecond the loop's order is the likelier one."""
    return int(at.timestamp() * 1000)


def _step(service: str, entry: Mapping[str, object]) -> Step:
    trace = entry.get("trace_id")
    return Step(
        datetime.fromisoformat(str(entry["at"])),
        service,
        str(entry["kind"]),
        str(entry["what"]),
        cast("Mapping[str, object]", entry["says"]),
        str(trace) if trace else None,
    )
