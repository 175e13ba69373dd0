"""The six stages out of what the six services tell.

Two stages may be one process: profiling profiles and senses, classification classifies and reviews. Lanes tell the
work of classification apart by the topic they read. What a stage shares with another it tells, and what cannot be told
of it alone is None; dead letters, batches and a service that is down are told once, with the service's first stage.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from console_service.model import Alarm, LaneReading, Reading, StageFigures

_UNPUBLISHED_S: Final = 10.0
_BEHIND: Final = 10_000
"""Both project-chosen: from here on somebody should look."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage: whose lanes it is, all topics or these; and whether what its service publishes is its doing."""

    code: str
    zh: str
    en: str
    services: tuple[str, ...]
    topics: tuple[str, ...] | None = None
    is_first: bool = True


_STAGES: Final = (
    _Stage("collect", "信息归集", "Collect", ("ingestion",)),
    _Stage("profile", "精准画像", "Profile", ("profiling",)),
    _Stage("sense", "智能感知", "Sense", ("profiling",), is_first=False),
    _Stage("classify", "科学分类", "Classify", ("classification",), ("creditloop.profiling.v1",)),
    _Stage("dispose", "高效处置", "Dispose", ("sampling", "notification", "repair")),
    _Stage(
        "review",
        "结果回溯",
        "Review",
        ("classification",),
        ("creditloop.sampling.v1", "creditloop.ingestion.v1"),
        is_first=False,
    ),
)
_FACTS: Final = "ingestion_facts_total"
_WAITING: Final = "ingestion_writer_waiting"

Readings = Mapping[str, Reading]


def stages(before: Readings, now: Readings) -> list[StageFigures]:
    """The stages now; rates are between the two readings, None without an earlier one."""
    return [_figures(stage, before, now) for stage in _STAGES]


def _figures(stage: _Stage, before: Readings, now: Readings) -> StageFigures:
    current = [now[service] for service in stage.services]
    earlier = [before.get(service) for service in stage.services]
    first = stage.is_first
    return StageFigures(
        stage=stage.code,
        zh=stage.zh,
        en=stage.en,
        services=stage.services,
        up=all(reading.up for reading in current),
        in_per_s=_rate(earlier, current, lambda reading: _taken(stage, reading)),
        out_per_s=_rate(earlier, current, _published) if first else None,
        backlog=_sum(_backlog(stage, reading) for reading in current),
        unpublished=_sum(_unpublished(reading) for reading in current) if first else None,
        dead_letters=_sum(reading.dead_letters for reading in current) if first else None,
        alarms=tuple(_alarms(stage, now)),
    )


def _rate(
    earlier: Sequence[Reading | None], current: Sequence[Reading], count: Callable[[Reading], float | None]
) -> float | None:
    """Per second, of all services together; a count that went back began anew, and is told with the next reading."""
    total = 0.0
    for before, now in zip(earlier, current, strict=True):
        began, ended = None if before is None else count(before), count(now)
        if before is None or began is None or ended is None or ended < began or now.at_s <= before.at_s:
            return None
        total += (ended - began) / (now.at_s - before.at_s)
    return round(total, 1)


def _taken(stage: _Stage, reading: Reading) -> float | None:
    if stage.code == "collect":
        return reading.figures.get(_FACTS, 0.0) if reading.up else None
    lanes = _lanes(stage, reading)
    return None if lanes is None else sum(lane.read for lane in lanes)


def _published(reading: Reading) -> int | None:
    return None if reading.lanes is None else sum(lane.published for lane in reading.lanes)


def _unpublished(reading: Reading) -> int | None:
    return None if reading.lanes is None else sum(lane.pending for lane in reading.lanes)


def _backlog(stage: _Stage, reading: Reading) -> int | None:
    lanes = _lanes(stage, reading)
    if lanes is None:
        return None
    lags = [lane.lag for lane in lanes if lane.topic is not None]
    waiting = int(reading.figures.get(_WAITING, 0)) if stage.code == "collect" else 0
    known = _sum(lags)
    return None if known is None else known + waiting


def _lanes(stage: _Stage, reading: Reading) -> list[LaneReading] | None:
    if reading.lanes is None:
        return None
    return [lane for lane in reading.lanes if stage.topics is None or lane.topic in stage.topics]


def _sum(values: Iterable[int | None]) -> int | None:
    listed = list(values)
    return None if None in listed else sum(value for value in listed if value is not None)


def _alarms(stage: _Stage, now: Readings) -> Iterator[Alarm]:
    for service in stage.services:
        reading = now[service]
        if stage.is_first:
            yield from _of_service(service, reading)
        backlog = _backlog(stage, reading)
        if backlog is not None and backlog > _BEHIND:
            yield Alarm("behind", service, f"{backlog} 条待读取", f"{backlog} records wait to be read")
    if stage.code == "collect" and (
        silent := int(now["ingestion"].figures.get("ingestion_sources_silent", 0))
    ):
        yield Alarm(
            "sources_silent", "ingestion", f"{silent} 个来源超时未报送", f"{silent} sources are silent"
        )
    overdue = int(now["classification"].figures.get("classification_objections_overdue", 0))
    if stage.code == "review" and overdue:
        told = (f"{overdue} 件异议逾期未决", f"{overdue} objections are overdue")
        yield Alarm("objections_overdue", "classification", *told)


def _of_service(service: str, reading: Reading) -> Iterator[Alarm]:
    if not reading.up:
        yield Alarm("down", service, "服务无响应", "does not answer")
    if letters := reading.dead_letters:
        yield Alarm("dead_letters", service, f"{letters} 条死信待处理", f"{letters} dead letters are open")
    if (waited := reading.oldest_pending_s) is not None and waited > _UNPUBLISHED_S:
        yield Alarm(
            "unpublished", service, f"发布滞后 {waited:.0f} 秒", f"publishing is {waited:.0f} s behind"
        )
