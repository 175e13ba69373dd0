"""Every indicator, one at a time, each by its own sentence."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from profiling_reference.effect import counting, known
from profiling_reference.facts import EPOCH, Fact
from profiling_reference.packs import ENTITY_TYPES, INDICATORS, SECTORS, Row
from profiling_reference.particulars import particulars
from profiling_reference.windows import anniversaries, first_day

Number = int | Fraction | None
_FEN_PER_WAN = 1_000_000


@dataclass(frozen=True)
class Moment:
    """What the indicators are computed from: the facts that count, the particulars, and the day."""

    facts: Sequence[Fact]
    identity: dict[str, Any]
    today: date

    def selected(self, selectors: Sequence[str]) -> list[Fact]:
        """Facts that one of these selects."""
        return [fact for fact in self.facts if any(_selects(selector, fact) for selector in selectors)]

    def of(self, row: Row) -> list[Fact]:
        """Facts the indicator looks at, however old."""
        unanswered = {fact.names for fact in self.selected(row.get("without", ()))}
        return [
            fact
            for fact in self.selected(row.get("of", ()))
            if fact.record not in unanswered and not (row.get("overdue") and fact.last_day >= self.today)
        ]

    def young(self, row: Row, facts: Sequence[Fact]) -> list[Fact]:
        """Those of them inside the window."""
        if "window" not in row:
            return list(facts)
        start = first_day(row["window"], self.today)
        return [fact for fact in facts if fact.occurred.date() >= start]


def profile(
    facts: Sequence[Fact], today: date, valid_at: date | None = None, known_at: datetime | None = None
) -> dict[str, float | None]:
    """By code the value of every indicator on a day, None where it is not known, and the `status`.

    Args:
        facts: All facts of one entity, in any order.
        today: The day on which windows end.
        valid_at: The last day of facts that count; None for all.
        known_at: The last instant at which a fact that counts was recorded; None for all.
    """
    there = known(facts, valid_at, known_at)
    moment = Moment(counting(there, today), particulars(there), today)
    values: dict[str, float | None] = {
        code: _rounded(_AGGREGATES[row["aggregate"]](row, moment)) for code, row in INDICATORS.items()
    }
    return values | {"status": _status(moment)}


def _selects(selector: str, fact: Fact) -> bool:
    kind, *flags = selector.split(".")
    return fact.type == kind and all(fact.has(flag) for flag in flags)


def _rounded(value: Number) -> float | None:
    """As exactly as values are told: four bytes."""
    return None if value is None else float(struct.unpack("<f", struct.pack("<f", float(value)))[0])


def _status(moment: Moment) -> int:
    """1 active, 2 suspended, 3 revoked, 4 gone from the register, 0 not registered."""
    kinds = {fact.type for fact in moment.facts}
    crossings = [
        (fact.minute, fact.says["direction"] == "in")
        for fact in moment.facts
        if fact.type == "registration_moved" and fact.says["direction"] != "within"
    ]
    moved_out = bool(crossings) and not max(crossings)[1]
    if moved_out or kinds & {"registration_cancelled", "registration_annulled"}:
        return 4
    ranks = {"registration_revoked": 3, "suspension_declared": 2, "registration_recorded": 1}
    return max((rank for kind, rank in ranks.items() if kind in kinds), default=0)


def _count(row: Row, moment: Moment) -> Number:
    return len(moment.young(row, moment.of(row)))


def _sum_wan(row: Row, moment: Moment) -> Number:
    return Fraction(sum(fact.value for fact in moment.young(row, moment.of(row))), _FEN_PER_WAN)


def _present(row: Row, moment: Moment) -> Number:
    return int(bool(moment.young(row, moment.of(row))))


def _distinct(row: Row, moment: Moment) -> Number:
    return len({fact.group for fact in moment.young(row, moment.of(row))})


def _repeats(row: Row, moment: Moment) -> Number:
    facts = moment.young(row, moment.of(row))
    return len(facts) - len({fact.group for fact in facts})


def _last(facts: Sequence[Fact]) -> int:
    """The value of the one that occurred last; of several at once, the greatest."""
    return max((fact.minute, fact.value) for fact in facts)[1]


def _latest(row: Row, moment: Moment) -> Number:
    facts = moment.young(row, moment.of(row))
    return _last(facts) if facts else None


def _fall(row: Row, moment: Moment) -> Number:
    facts = moment.young(row, moment.of(row))
    greatest = max((fact.value for fact in facts), default=0)
    return 1 - Fraction(_last(facts), greatest) if len(facts) > 1 and greatest else None


def _share(row: Row, moment: Moment) -> Number:
    whole = moment.young(row, moment.selected(row["per"]))
    if len(whole) < row.get("at_least", 1):
        return None
    return Fraction(len(moment.young(row, moment.of(row))), len(whole))


def _growth(row: Row, moment: Moment) -> Number:
    facts = moment.of(row)
    now = moment.young(row, facts)
    start, end = first_day(row["window"], moment.today, 2), first_day(row["window"], moment.today)
    before = [fact for fact in facts if start <= fact.occurred.date() < end]
    return Fraction(len(now), max(len(before), 1))


def _last_days(row: Row, moment: Moment) -> list[date]:
    """Of each group: that of the fact that occurred last."""
    newest: dict[str, Fact] = {}
    for fact in sorted(moment.young(row, moment.of(row)), key=lambda fact: (fact.minute, fact.last_day)):
        newest[fact.group] = fact
    return [fact.last_day for fact in newest.values()]


def _lapsed(row: Row, moment: Moment) -> Number:
    return sum(day < moment.today for day in _last_days(row, moment))


def _lapsing(row: Row, moment: Moment) -> Number:
    end = moment.today + timedelta(days=row.get("ahead_days", 0))
    return sum(moment.today <= day <= end for day in _last_days(row, moment))


def _completed_years(_row: Row, moment: Moment) -> Number:
    day = moment.identity.get("established_on_day")
    return None if day is None else anniversaries(EPOCH + timedelta(days=day), moment.today)


def _capital_wan(_row: Row, moment: Moment) -> Number:
    fen = moment.identity.get("capital_fen")
    return None if fen is None else Fraction(fen, _FEN_PER_WAN)


def _of_family(family: str) -> Callable[[Row, Moment], Number]:
    def is_one(_row: Row, moment: Moment) -> Number:
        kind = ENTITY_TYPES.get(moment.identity.get("entity_type", ""))
        return None if kind is None else int(kind["family"] == family)

    return is_one


def _is_type(row: Row, moment: Moment) -> Number:
    kind = moment.identity.get("entity_type")
    return None if kind is None else int(kind in row["codes"])


def _is_industry(row: Row, moment: Moment) -> Number:
    industry = moment.identity.get("industry")
    return None if industry is None else int(industry.startswith(tuple(row["codes"])))


def _in_sector(row: Row, moment: Moment) -> Number:
    """By a licence that counts, or an industry usual in the sector."""
    usual = tuple(SECTORS[row["sector"]].get("industries", ()))
    return int(bool(moment.of(row)) or moment.identity.get("industry", "").startswith(usual or ("-",)))


def _is_known(row: Row, moment: Moment) -> Number:
    return int(row["codes"][0] in moment.identity)


def _related(row: Row, moment: Moment) -> Number:
    """Before the first count by the daily run."""
    return int(row["at_least"]) if row["codes"][1] in moment.identity else None


_AGGREGATES: dict[str, Callable[[Row, Moment], Number]] = {
    "count": _count,
    "sum_wan": _sum_wan,
    "present": _present,
    "distinct": _distinct,
    "repeats": _repeats,
    "latest": _latest,
    "fall": _fall,
    "share": _share,
    "growth": _growth,
    "lapsed": _lapsed,
    "lapsing": _lapsing,
    "completed_years": _completed_years,
    "capital_wan": _capital_wan,
    "is_branch": _of_family("branch"),
    "is_individual": _of_family("individual_business"),
    "is_type": _is_type,
    "is_industry": _is_industry,
    "is_known": _is_known,
    "in_sector": _in_sector,
    "related": _related,
}
