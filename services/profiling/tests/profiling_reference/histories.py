"""Random histories of an entity: messages as ingestion, sampling and repair send them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from hypothesis import strategies as st

from profiling_reference.contract import AFTER, CODES, FREE, MAY_BE_EMPTY, NUMBERS, TYPES
from profiling_reference.facts import EPOCH, Message
from profiling_reference.packs import FAMILIES, FORMS, INDICATORS, Row
from profiling_reference.windows import first_day

Draw = Callable[[st.SearchStrategy[Any]], Any]
DAY_MS = 86_400_000
_SHANGHAI_MS = 8 * 3_600_000
_SOURCES = ("bureau", "bureau", "bureau", "registry")
_WINDOWS = sorted({row["window"] for row in INDICATORS.values() if "window" in row})
_ALWAYS = ("registration_recorded", "registration_changed", "fact_retracted")
_INSTANTS = (0, 0, 60_000, 90_000, 43_200_000, DAY_MS - 1)
_OFFSETS = (-900, -61, -2, -1, 0, 1, 2, 7, 30, 59, 60, 61, 62, 100, 800)
_WITHOUT_END = date(2200, 1, 1)
_FEN = (0, 0, 1, 1_000_000, 12_345_678, 2**53)

todays = st.sampled_from(
    [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 1, 1), date(2026, 3, 31)]
) | st.dates(date(2024, 1, 1), date(2027, 12, 31))


@dataclass(frozen=True)
class Theme:
    """What a history is about: types of fact that matter to one another, and the windows they are looked at in."""

    kinds: Sequence[str]
    windows: Sequence[str]


def _theme(kinds: Iterable[str], windows: Sequence[str]) -> Theme:
    """These types of fact, with those that end them."""
    there = set(kinds)
    ending = {name for name, form in FORMS.items() if there & set(form.get("ends", ()))}
    return Theme(sorted(there | ending), windows)


def _themes() -> list[list[Theme]]:
    """For each way in which the calendar or an ending matters, the themes where it does."""
    endings = [_theme((name, *form["ends"]), _WINDOWS) for name, form in FORMS.items() if "ends" in form]
    found: dict[tuple[str, ...], list[Theme]] = {}
    for row in INDICATORS.values():
        selectors = [*row.get("of", ()), *row.get("per", ()), *row.get("without", ())]
        kinds = {selector.partition(".")[0] for selector in selectors} or {"registration_recorded"}
        windows = [row["window"]] if "window" in row else []
        lasting = ["lasts" for kind in kinds if "lasts" in FORMS[kind]]
        way = (
            row["aggregate"],
            *windows,
            *lasting,
            *(name for name in ("overdue", "without") if name in row),
        )
        found.setdefault(way, []).append(_theme(kinds, windows))
    return [endings, *found.values()]


def _of_family(rule: Row) -> Theme:
    """What its rule looks at, itself and through indicators."""
    rows = [INDICATORS[reach["indicator"]] for reach in rule.get("reaches", ())]
    asked = [*rule.get("of", ()), *rule.get("against", ()), *rule.get("over_with", ())]
    asked += [name for row in rows for part in ("of", "per", "without") for name in row.get(part, ())]
    spans = [rule.get("days", 0), rule.get("raise_within_days", 0)]
    windows = [f"{days}d" for days in spans if days] + [row["window"] for row in rows if "window" in row]
    return _theme({name.partition(".")[0] for name in asked} or {"registration_recorded"}, windows)


_THEMES = st.sampled_from(_themes())
_FAMILIES = st.sampled_from([_of_family(family["rule"]) for family in FAMILIES.values()])
_ANY_TYPES = st.lists(st.sampled_from(sorted(FORMS)), max_size=3)


@dataclass(frozen=True)
class Sent:
    """What is known of a fact before its particulars are drawn."""

    kind: str
    source: str
    fact_id: str


@dataclass(frozen=True)
class Scene:
    """Where a history plays."""

    uscc: str
    today: date
    ahead: int
    sent: Sequence[Sent]
    days: st.SearchStrategy[date]


@st.composite
def histories(draw: Draw, uscc: str, today: date, most: int = 14, ahead: int = 0) -> list[Message]:
    """Facts about one entity, many near the edge of a window that ends on `today` or up to `ahead` days later."""
    return _history(draw, Asked(uscc, today, most, ahead), draw(st.sampled_from(draw(_THEMES))))


@st.composite
def warning_histories(draw: Draw, uscc: str, today: date, most: int = 14, ahead: int = 0) -> list[Message]:
    """The same, of facts that one family of signals looks at."""
    return _history(draw, Asked(uscc, today, most, ahead), draw(_FAMILIES))


@dataclass(frozen=True)
class Asked:
    """Whose history is drawn, when, how long at most, and how far ahead it is looked at."""

    uscc: str
    today: date
    most: int
    ahead: int


def _history(draw: Draw, asked: Asked, theme: Theme) -> list[Message]:
    kinds = [*theme.kinds, *theme.kinds, *theme.kinds, *_ALWAYS, *draw(_ANY_TYPES)]
    sent = _numbered(draw, draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=asked.most)))
    days = _days(asked.today, asked.ahead, theme.windows)
    scene = Scene(asked.uscc, asked.today, asked.ahead, sent, days)
    return [_message(draw, fact, scene) for fact in sent]


def _numbered(draw: Draw, kinds: Sequence[str]) -> list[Sent]:
    """Each source numbers its own facts, so that both use the same identifiers."""
    sent: list[Sent] = []
    for kind in kinds:
        source = draw(st.sampled_from(_SOURCES))
        if kind == "record_stopped":
            source = "repair"
        elif kind == "inspection_completed" and draw(st.booleans()):
            source = "sampling"
        number = sum(fact.source == source for fact in sent)
        sent.append(Sent(kind, source, f"N-{number}"))
    return sent


def _days(today: date, ahead: int, windows: Sequence[str]) -> st.SearchStrategy[date]:
    edges = [first_day(window, today, times) for window in windows or _WINDOWS for times in (1, 2)]
    near = [today - timedelta(1), today, today + timedelta(1), today + timedelta(9)]
    uneven = [date(2024, 2, 29), date(2024, 2, 28), date(2024, 3, 1), date(2023, 12, 31), date(2025, 3, 31)]
    shifts = st.integers(-1, ahead + 1).map(timedelta)
    at_edges = st.builds(date.__add__, st.sampled_from(edges), shifts)
    whenever = st.integers(-1300, 30).map(lambda days: today + timedelta(days))
    return st.one_of(at_edges, at_edges, st.sampled_from([*near, *uneven]), whenever)


def _message(draw: Draw, fact: Sent, scene: Scene) -> Message:
    day = (draw(scene.days) - EPOCH).days
    occurred_at_ms = day * DAY_MS - _SHANGHAI_MS + draw(st.sampled_from(_INSTANTS))
    recorded_at_ms = ((scene.today - EPOCH).days + draw(st.integers(-3, 3))) * DAY_MS + draw(
        st.sampled_from((0, 1))
    )
    if fact.source == "repair":
        named = _named(draw, fact, scene, ("penalty_imposed", "listing_entered"))
        return RecordStopped(
            stop_id=fact.fact_id,
            record_id=f"{named.source}|{named.fact_id}",
            uscc=scene.uscc,
            stopped_on_day=day,
            recorded_at_ms=recorded_at_ms,
        )
    if fact.source == "sampling":
        return InspectionResultRecorded(
            result_id=fact.fact_id,
            uscc=scene.uscc,
            result_codes=draw(_codes("inspection_completed.result_codes")),
            occurred_at_ms=occurred_at_ms,
            recorded_at_ms=recorded_at_ms,
        )
    message = FactAccepted(
        source=fact.source,
        fact_id=fact.fact_id,
        uscc=scene.uscc,
        occurred_at_ms=occurred_at_ms,
        recorded_at_ms=recorded_at_ms,
        supersedes=_superseded(draw, fact, scene),
    )
    data = getattr(message, fact.kind)
    data.SetInParent()
    _fill(draw, data, fact, scene)
    return message


def _superseded(draw: Draw, fact: Sent, scene: Scene) -> str:
    """Now and then another fact of the same source, known or not, sent before or after."""
    if fact.kind == "fact_retracted" or draw(st.integers(0, 5)):
        return ""
    named = _named(draw, fact, scene, (fact.kind,))
    return "" if named.fact_id == fact.fact_id else named.fact_id


def _named(draw: Draw, fact: Sent, scene: Scene, kinds: Sequence[str]) -> Sent:
    """Mostly another fact of one of these types; else any, or one that never comes."""
    same_source = [other for other in scene.sent if other.source in (fact.source, "bureau") and other != fact]
    fit = [other for other in same_source if other.kind in kinds]
    nothing = Sent("", fact.source, "N-99")
    named: Sent = draw(st.sampled_from([*fit, *fit, *fit, *same_source, nothing]))
    return named


def _fill(draw: Draw, data: Any, fact: Sent, scene: Scene) -> None:
    for field in TYPES[fact.kind].fields:
        if field.name == "after" and fact.kind == "registration_changed":
            data.after = draw(st.sampled_from(AFTER[data.field]))
        elif field.name.endswith("fact_id"):
            setattr(data, field.name, _reference(draw, f"{fact.kind}.{field.name}", fact, scene))
        elif field.is_repeated:
            getattr(data, field.name).extend(draw(_codes(f"{fact.kind}.{field.name}")))
        elif not field.has_presence or draw(st.integers(0, 3)):
            setattr(data, field.name, draw(_value(f"{fact.kind}.{field.name}", field, scene)))


def _reference(draw: Draw, member: str, fact: Sent, scene: Scene) -> str:
    if member in MAY_BE_EMPTY and draw(st.booleans()):
        return ""
    named = _named(draw, fact, scene, _referred(fact.kind))
    return named.fact_id if named != fact and named.fact_id != fact.fact_id else "N-99"


def _referred(kind: str) -> Sequence[str]:
    """Types of fact that one of this type is about."""
    answering = [
        selector.partition(".")[0]
        for row in INDICATORS.values()
        if any(without.partition(".")[0] == kind for without in row.get("without", ()))
        for selector in row["of"]
    ]
    return (
        *FORMS[kind].get("ends", ()),
        *answering,
        *({"licence_renewed": ["licence_granted"]}.get(kind, ())),
    )


def _codes(member: str) -> st.SearchStrategy[list[str]]:
    if member == "registration_recorded.platforms":
        return st.sampled_from([[], ["meals"]])
    return st.lists(st.sampled_from(CODES[member]), min_size=1, max_size=2)


def _value(member: str, field: Any, scene: Scene) -> st.SearchStrategy[Any]:
    name = field.name
    if member in CODES:
        return st.sampled_from(CODES[member])
    if name in FREE:
        return st.sampled_from(FREE[name])
    if name in NUMBERS:
        return st.sampled_from(NUMBERS[name])
    if field.type == field.TYPE_BOOL:
        return st.booleans()
    if name.endswith("_fen"):
        return st.sampled_from(_FEN)
    if name == "established_on_day":
        return st.builds(_years_before, _soon(scene, 0), st.sampled_from((0, 1, 4, 6, 27))).map(_day)
    if name.endswith("_day"):
        far = st.sampled_from([*(scene.today + timedelta(days) for days in _OFFSETS), _WITHOUT_END])
        return (far | _soon(scene, 62)).map(_day)
    if field.type == field.TYPE_STRING:
        return st.just("")
    return st.integers(0, 2)


def _soon(scene: Scene, further: int) -> st.SearchStrategy[date]:
    """A day just before the first on which the history is looked at, until just after the last."""
    return st.integers(-1, scene.ahead + further + 1).map(lambda days: scene.today + timedelta(days))


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year, or its 29 February where it is near that."""
    if (day.month, day.day) in {(2, 28), (3, 1)}:
        return date(2020, 2, 29)
    return day.replace(year=day.year - years) if day.day < 29 else day - timedelta(365 * years)


def _day(on: date) -> int:
    return (on - EPOCH).days
