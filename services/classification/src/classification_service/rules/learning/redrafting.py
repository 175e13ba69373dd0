"""A revision as a draft: the next version of the model in force, in the form of the packs, without an approver."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from classification_service.model.risk_model import Bins, Item, RiskModel
from classification_service.rules.learning.revising import Revision

_FIRST = (
    "code",
    "version",
    "kind",
    "sector",
    "member",
    "catalogue_version",
    "zh",
    "en",
    "valid_from",
    "author",
)
_LAST = ("base", "dimensions", "items", "coupling", "overrides", "modifiers", "learned")


class Heading(NamedTuple):
    """What stands above a draft.

    Attributes:
        version: the next one of its code.
        author: who proposes it.
        how: how its points came about.
    """

    version: int
    valid_from: date
    author: str
    how: str


def redrafted(model: RiskModel, revision: Revision, heading: Heading) -> dict[str, Any]:
    """The document: points are the revision's; rules, cuts, the unknown and the shape of scales stay the model's."""
    document: dict[str, Any] = deepcopy(dict(model.definition))
    for gone in ("approver", "valid_to", "learned"):
        document.pop(gone, None)
    scales = zip(document["items"], model.items, revision.points, strict=True)
    document["items"] = [_item(row, item, points) for row, item, points in scales]
    document |= {
        "version": heading.version,
        "valid_from": heading.valid_from,
        "author": heading.author,
        "weights": {"citation": heading.how, "confidence": "project-chosen"},
    }
    _fill(document, model)
    order = [*_FIRST, *sorted(document.keys() - {*_FIRST, *_LAST}), *_LAST]
    return {name: document[name] for name in order if name in document}


def _item(row: Mapping[str, Any], item: Item, points: Sequence[int]) -> dict[str, Any]:
    scale = item.scale
    if isinstance(scale, Bins):
        said: dict[str, Any] = {"bins": {"edges": list(scale.edges), "points": list(points)}}
    else:
        said = {"curve": [list(knot) for knot in zip(scale.at, points, strict=True)]}
    rest = {name: part for name, part in row.items() if name not in {"bins", "curve", "weight", "missing"}}
    return {**rest, **said, "missing": _missing(row["missing"], item)}


def _missing(said: Mapping[str, Any], item: Item) -> dict[str, Any]:
    """As the model has it, weighed as the points are."""
    return {**said, "points": round(item.missing_points * item.weight)} if "points" in said else dict(said)


def _fill(document: dict[str, Any], model: RiskModel) -> None:
    """Full marks that items no longer reach go to the dimension with most to spare, what is left to the base."""
    divided = [each for each in model.dimensions if each.full is not None]
    if not divided:
        return
    full = {each.code: round(each.full or 0) for each in divided}
    reach = {code: _reachable(document["items"], code) for code in full}
    for code, marks in list(full.items()):
        spare = max(0, marks - reach[code])
        full[code] -= spare
        roomiest = max(full, key=lambda each: reach[each] - full[each])
        taken = min(spare, max(0, reach[roomiest] - full[roomiest]))
        full[roomiest] += taken
        document["base"] += spare - taken
    for row in document["dimensions"]:
        row["full"] = full[row["code"]]


def _reachable(items: Sequence[Mapping[str, Any]], code: str) -> int:
    return sum(max(0, *_points(item)) for item in items if item.get("dimension") == code)


def _points(item: Mapping[str, Any]) -> list[int]:
    points: list[int] = item["bins"]["points"] if "bins" in item else [knot[1] for knot in item["curve"]]
    return points
