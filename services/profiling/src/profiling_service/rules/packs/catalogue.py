"""The indicator catalogue, from its packs: groups and indicators in any number of files, and one order for all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vocabulary.code_tables import Confidence
from vocabulary.industries import Sector

from profiling_service.model.catalogue import (
    OF_FACTS,
    Aggregate,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Missing,
    Window,
)
from profiling_service.model.entities import FIELDS
from profiling_service.model.forms import Forms, Sum
from profiling_service.rules.packs.reading import (
    Row,
    distinct,
    one_of,
    only,
    refusing,
    require,
    selectors,
    window,
)

_MEASURES = {"year": "年", "wan_yuan": "万元", "yes_no": "", "count": "次", "share": "", "ratio": "倍"}
_UNITS = frozenset(_MEASURES)
_EFFECTS = frozenset({"more", "less", "neutral"})
_NATURES = frozenset({"static", "dynamic"})
_WITH_CODES = frozenset({Aggregate.IS_TYPE, Aggregate.IS_INDUSTRY, Aggregate.IS_KNOWN, Aggregate.RELATED})
_MEMBERS = (
    *(
        "code",
        "zh",
        "en",
        "unit",
        "measure",
        "group",
        "nature",
        "aggregate",
        "of",
        "per",
        "without",
        "overdue",
        "window",
    ),
    *("ahead_days", "at_least", "codes", "sector", "missing", "effect", "ground", "confidence"),
)


@refusing("catalogue")
def catalogue(order: Row, packs: Sequence[Row], forms: Forms) -> Catalogue:
    """The indicator catalogue of parsed packs; `order` has its version and every code at its place.

    Raises:
        InvalidPack: A member is missing or unknown, a code occurs twice or has no place, or a place has no indicator.
    """
    made = {indicator.code: indicator for indicator in distinct(_all(packs, forms))}
    places: Sequence[str] = order["positions"]
    twice = [code for code, times in Counter(places).items() if times > 1]
    require(not twice, f"positions: twice {twice}")
    require(set(places) == set(made), f"positions and packs differ in {sorted(set(places) ^ set(made))}")
    risky = tuple(places.index(code) for code in order["risky"])
    return Catalogue(int(order["version"]), tuple(made[code] for code in places), risky)


def _all(packs: Sequence[Row], forms: Forms) -> Iterable[Indicator]:
    for pack in packs:
        groups = {code: _group(code, row) for code, row in pack["groups"].items()}
        for row in pack["indicators"]:
            yield _indicator({**pack.get("defaults", {}), **row}, groups, forms)


def _group(code: str, row: Row) -> Group:
    return Group(
        code, row["zh"], row["en"], Dimension(row["dimension"]), row["ground"], Confidence(row["confidence"])
    )


def _indicator(row: Row, groups: Mapping[str, Group], forms: Forms) -> Indicator:
    only(row, *_MEMBERS)
    group = groups[row["group"]]
    aggregate = Aggregate(row["aggregate"])
    made = Indicator(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        unit=one_of(_UNITS, row["unit"]),
        measure=row.get("measure", _MEASURES[row["unit"]]),
        group=group,
        nature=one_of(_NATURES, row["nature"]),
        period=_period(row, aggregate),
        aggregate=aggregate,
        **_looks_at(row, forms),
        ahead=int(row.get("ahead_days", 0)),
        at_least=int(row.get("at_least", 1)),
        codes=tuple(row.get("codes", ())),
        sector=Sector(row["sector"]) if "sector" in row else None,
        missing=Missing(row["missing"]),
        effect=one_of(_EFFECTS, row["effect"]),
        ground=row.get("ground", group.ground),
        confidence=Confidence(row.get("confidence", group.confidence)),
    )
    _require_sense(made, forms)
    return made


def _looks_at(row: Row, forms: Forms) -> dict[str, Any]:
    return {
        "of": selectors(row.get("of", ()), forms),
        "per": selectors(row.get("per", ()), forms),
        "without": selectors(row.get("without", ()), forms),
        "overdue": bool(row.get("overdue", False)),
        "window": _window(row),
    }


def _window(row: Row) -> Window | None:
    return window(row["window"]) if "window" in row else None


def _period(row: Row, aggregate: Aggregate) -> str:
    """How long a fact counts: in its window, until it is ended, or not by facts at all."""
    if aggregate not in OF_FACTS:
        return "identity" if aggregate is not Aggregate.RELATED else "daily"
    return "window" if "window" in row else "until_ended"


def _require_sense(indicator: Indicator, forms: Forms) -> None:
    """What an aggregate needs is there, and what it cannot use is not."""
    code, aggregate = indicator.code, indicator.aggregate
    first = code.partition(".")[0]
    of_facts = aggregate in OF_FACTS or aggregate is Aggregate.IN_SECTOR
    require(first in {indicator.dimension, *Sector}, f"{code}: begins with neither dimension nor sector")
    require(
        bool(indicator.of) == of_facts or aggregate is Aggregate.IN_SECTOR, f"{code}: facts and {aggregate}"
    )
    require(bool(indicator.codes) == (aggregate in _WITH_CODES), f"{code}: codes and {aggregate}")
    require(bool(indicator.per) == (aggregate is Aggregate.SHARE), f"{code}: per and {aggregate}")
    require(aggregate is not Aggregate.GROWTH or indicator.window is not None, f"{code}: growth in a window")
    require((aggregate is Aggregate.IN_SECTOR) == (indicator.sector is not None), f"{code}: sector")
    require(not indicator.ahead or aggregate is Aggregate.LAPSING, f"{code}: ahead_days and {aggregate}")
    if indicator.overdue or aggregate in (Aggregate.LAPSED, Aggregate.LAPSING):
        dated = all(forms[selector.type].value is Sum.UNTIL for selector in indicator.of)
        require(dated, f"{code}: the facts have no last day")
    if aggregate is Aggregate.IS_KNOWN:
        require(indicator.codes[0] in FIELDS, f"{code}: no particular {indicator.codes}")
