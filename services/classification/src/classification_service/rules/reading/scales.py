"""Scales and conditions as they are written: bins as edges or ranges, curves as knots, one condition or several."""

from math import inf

from classification_service.model.risk_model import Bins, Condition, Curve, Reaches, YoungerThan
from classification_service.rules.reading.parts import Part

OLDEST = 36_600
"""Days, some hundred years: an age that a day can be counted back from."""


def scale_of(row: Part) -> Bins | Curve:
    """The scale of an item: `bins` or `curve`."""
    if "bins" in row and "curve" in row:
        row.wrong("curve", "must not stand beside bins")
    if "curve" in row:
        return _curve(row)
    if "bins" not in row:
        row.wrong("bins", "must say the points, or curve must")
        return Bins((), ())
    return _bins(row)


def _bins(row: Part) -> Bins:
    ranges = list(row.parts("bins")) if row.is_list("bins") else []
    if ranges:
        return _ranges(ranges)
    part = row.part("bins")
    edges, points = part.numbers("edges"), part.numbers("points")
    part.end()
    if list(edges) != sorted(set(edges)):
        part.wrong("edges", f"bins overlap: edges must rise, these are {_read(edges)}")
    if len(points) != len(edges) + 1:
        part.wrong("points", f"must be one more than the {len(edges)} edges, are {len(points)}")
        return Bins((), (0.0,))
    return Bins(edges, points)


def _ranges(ranges: list[Part]) -> Bins:
    """Ranges from an edge, inclusive, to below another, in order and without gaps."""
    edges, points, end = [], [], -inf
    for index, row in enumerate(ranges):
        start = row.number("from") if "from" in row else -inf
        if start < end:
            row.wrong("from", f"overlaps the range before, which ends below {end:g}")
        elif start > end:
            row.wrong("from", f"leaves a gap: the range before ends below {end:g}")
        end = row.number("below") if "below" in row else inf
        if end <= start:
            row.wrong("below", "must be above from")
        if (end == inf) != (index == len(ranges) - 1):
            row.wrong("below", "the last range, and it alone, has no end")
        edges.append(end)
        points.append(row.number("points"))
        row.end()
    return Bins(tuple(edges[:-1]), tuple(points))


def _curve(row: Part) -> Curve:
    knots = row.pairs("curve")
    at = [knot[0] for knot in knots]
    if not knots or at != sorted(set(at)):
        row.wrong("curve", f"its values must rise, these are {_read(at)}")
        return Curve((0.0,), (0.0,))
    return Curve(tuple(at), tuple(knot[1] for knot in knots))


def conditions_of(when: Part) -> tuple[Condition, ...]:
    """The conditions that must all hold."""
    if "all" in when:
        rows = list(when.parts("all"))
        when.end()
        if not rows:
            when.wrong("all", "must name one condition at least: without one it holds for everybody")
        return tuple(map(_condition, rows))
    return (_condition(when),)


def _condition(row: Part) -> Condition:
    condition: Condition
    if "age_days_below" in row:
        days = row.whole("age_days_below")
        if not 1 <= days <= OLDEST:
            row.wrong("age_days_below", f"must be between 1 and {OLDEST}")
        condition = YoungerThan(int(days))
    elif "at_most" in row:
        condition = Reaches(row.text("indicator"), row.number("at_most"), from_above=True)
    else:
        condition = Reaches(row.text("indicator"), row.number("at_least"))
    row.end()
    return condition


def _read(numbers: tuple[float, ...] | list[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
