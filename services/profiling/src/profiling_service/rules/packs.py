"""Reads rule data into frozen rows and refuses what contradicts itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from vocabulary.code_tables import Confidence
from vocabulary.penalties import PenaltyKind, SeverityGrade

from profiling_service.errors import InvalidPack
from profiling_service.model.catalogue import (
    OF_FACTS,
    Aggregate,
    Catalogue,
    Dimension,
    HeavyPenalty,
    Indicator,
    Missing,
    Window,
)
from profiling_service.model.facts import FactType, Flag
from profiling_service.model.signals import RuleKind, Severity, SignalFamily, SignalRule

_UNITS = frozenset({"year", "wan_yuan", "yes_no", "count"})
_EFFECTS = frozenset({"more", "less", "neutral"})
_STEPS = frozenset({"remind", "interview", "order_correction", "inspect"})
_WINDOW = re.compile(r"(\d+)([md])")
Row = Mapping[str, Any]
Coded = TypeVar("Coded", Indicator, SignalFamily)


def catalogue(document: Row) -> Catalogue:
    """The indicator catalogue of a parsed pack.

    Raises:
        InvalidPack: A member is missing or unknown, or a code occurs twice.
    """
    try:
        return Catalogue(
            version=int(document["version"]),
            indicators=_distinct(tuple(_indicator(row) for row in document["indicators"])),
            heavy_penalty=_heavy_penalty(document["heavy_penalty"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidPack(f"catalogue: {error!r}") from error


def _heavy_penalty(row: Row) -> HeavyPenalty:
    return HeavyPenalty(
        severities=frozenset(SeverityGrade(code).value for code in row["severities"]),
        light_kinds=frozenset(PenaltyKind(code).value for code in row["light_kinds"]),
    )


def signal_families(document: Row) -> tuple[SignalFamily, ...]:
    """The signal families of a parsed pack.

    Raises:
        InvalidPack: A member is missing or unknown, or a code occurs twice.
    """
    try:
        return _distinct(tuple(_family(row) for row in document["families"]))
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidPack(f"signals: {error!r}") from error


def _distinct(rows: tuple[Coded, ...]) -> tuple[Coded, ...]:
    codes = [row.code for row in rows]
    if len(set(codes)) != len(codes) or not codes:
        raise InvalidPack(f"codes are missing or occur twice: {codes}")
    return rows


def _indicator(row: Row) -> Indicator:
    aggregate = Aggregate(row["aggregate"])
    types = _types(row.get("facts", ()))
    _require(bool(types) == (aggregate in OF_FACTS), f"{row['code']}: facts and aggregate {aggregate}")
    _require(str(row["code"]).startswith(f"{row['dimension']}."), f"{row['code']}: dimension")
    return Indicator(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        unit=_one_of(_UNITS, row["unit"]),
        dimension=Dimension(row["dimension"]),
        aggregate=aggregate,
        types=types,
        where=int(Flag[row["where"].upper()]) if "where" in row else 0,
        window=_window(row["window"]) if "window" in row else None,
        missing=Missing(row["missing"]),
        effect=_one_of(_EFFECTS, row["effect"]),
        ground=row["ground"],
        confidence=Confidence(row["confidence"]),
    )


def _family(row: Row) -> SignalFamily:
    rule = _rule(row["rule"])
    due_days = None if row["due"] == "season_end" else int(row["due"])
    _require(due_days is not None or rule.kind is RuleKind.REPORT_DUE, f"{row['code']}: due without season")
    return SignalFamily(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        rule=rule,
        severity=Severity[row["severity"].upper()],
        suggested_step=_one_of(_STEPS, row["suggested_step"]),
        due_days=due_days,
        notifies=bool(row["notify"]),
        ground=row["ground"],
        confidence=Confidence(row["confidence"]),
    )


def _rule(row: Row) -> SignalRule:
    kind = RuleKind(row["kind"])
    if kind is RuleKind.REPORT_DUE:
        return SignalRule(kind, season=(_month_day(row["season_from"]), _month_day(row["season_to"])))
    if kind is RuleKind.RISING:
        days, at_least, factor = int(row["days"]), int(row["at_least"]), float(row["factor"])
        return SignalRule(kind, _types(row["facts"]), days, at_least, factor)
    return SignalRule(kind, _types(row["facts"]), int(row.get("raise_within_days", 0)))


def _types(names: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(FactType[name.upper()]) for name in names)


def _window(text: str) -> Window:
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise InvalidPack(f"window {text!r}: expected such as 12m or 90d")
    length = int(match[1])
    return Window(months=length) if match[2] == "m" else Window(days=length)


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _one_of(allowed: frozenset[str], value: str) -> str:
    _require(value in allowed, f"{value!r} is none of {sorted(allowed)}")
    return value


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise InvalidPack(what)
