"""What a model that can be read may still contradict: the catalogue, its own scale, itself."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from classification_service.errors import Problem
from classification_service.model.risk_model import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    Adjustment,
    Catalogue,
    Flag,
    Item,
    Kind,
    Reaches,
    RiskModel,
)

_RESERVED = Flag.CANCELLED | Flag.MANUAL | Flag.FROZEN
_PERSON = "manual"
"""What a decision names as the rule where a person set the class."""
_CODE = re.compile(r"[a-z][a-z0-9_-]*")
_NEWEST_VERSION = 2**31 - 1


def problems_of(model: RiskModel, catalogue: Catalogue) -> list[Problem]:
    """Everything that is wrong, in order of the document."""
    if model.catalogue_version > catalogue.version:
        reason = f"is made for catalogue {model.catalogue_version}, later than {catalogue.version}"
        return [Problem("catalogue_version", reason)]
    checks = (_head, _scale, _weights, _items, _names, _adjustments)
    return [*_indicators(model, catalogue), *(each for check in checks for each in check(model))]


def _indicators(model: RiskModel, catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.positions
    if model.member and model.member not in known:
        yield Problem("member", f"is not in the catalogue: {model.member}")
    for place, code in _used(model):
        if code not in known:
            yield Problem(place, f"unknown indicator {code}")
    for place, rule in _placed(model):
        for at, ignored in enumerate(rule.ignores):
            if not any(code == ignored or code.startswith(f"{ignored}.") for code in known):
                yield Problem(f"{place}.ignores.{at}", f"matches no indicator: {ignored}")


def _used(model: RiskModel) -> Iterator[tuple[str, str]]:
    for index, item in enumerate(model.items):
        yield f"items.{index}.indicator", item.indicator
    for place, rule in _placed(model):
        for condition in rule.when:
            if isinstance(condition, Reaches):
                yield f"{place}.when", condition.indicator


def _placed(model: RiskModel) -> Iterator[tuple[str, Adjustment]]:
    counted: Counter[str] = Counter()
    for rule in model.adjustments:
        yield f"{rule.kind}s.{counted[rule.kind]}", rule
        counted[rule.kind] += 1


def _head(model: RiskModel) -> Iterator[Problem]:
    if not _CODE.fullmatch(model.code):
        yield Problem("code", "must be small letters, digits, _ and -, a letter first")
    if not 1 <= model.version <= _NEWEST_VERSION:
        yield Problem("version", f"must be between 1 and {_NEWEST_VERSION}")
    if model.valid_to is not None and model.valid_to < model.valid_from:
        yield Problem("valid_to", "is before valid_from")
    if model.approver and model.approver == model.author:
        yield Problem("approver", "must be another person than the author")
    if model.coupling is not None and model.kind is not Kind.SECTOR:
        yield Problem("coupling", "is for sector models: the others give the general class themselves")


def _scale(model: RiskModel) -> Iterator[Problem]:
    ends = (model.lowest, model.highest)
    if model.kind is not Kind.SECTOR and ends != (LOWEST_SCORE, HIGHEST_SCORE):
        yield Problem("scale", "the general scale runs from 0 to 1000")
    if model.lowest >= model.highest:
        yield Problem("scale.highest", "must be above the lowest")
    if (
        model.cuts is not None
        and not model.lowest <= model.cuts[0] < model.cuts[1] < model.cuts[2] < model.highest
    ):
        yield Problem("scale.cuts", f"the cuts are not in order within the scale: {_read(model.cuts)}")
    if model.shares is not None and not 0 < model.shares[0] < model.shares[1] < model.shares[2] < 1:
        yield Problem("scale.shares", f"must rise between 0 and 1: {_read(model.shares)}")


def _weights(model: RiskModel) -> Iterator[Problem]:
    """Full marks of dimensions, base and coupling are the whole scale; what items give fills their dimension."""
    yield from _twice("dimensions", [each.code for each in model.dimensions])
    codes = {each.code for each in model.dimensions}
    for index, item in enumerate(model.items):
        if bool(item.dimension) != bool(codes) or (item.dimension and item.dimension not in codes):
            reason = f"must be one of {', '.join(sorted(codes))}" if codes else "the model has no dimensions"
            yield Problem(f"items.{index}.dimension", reason)
    if any(each.full is not None for each in model.dimensions):
        yield from _full_marks(model)


def _full_marks(model: RiskModel) -> Iterator[Problem]:
    if any(each.full is None for each in model.dimensions):
        yield Problem("dimensions", "either all have full marks or none")
    coupled = max(model.coupling.points) if model.coupling else 0.0
    total = model.base + sum(each.full or 0.0 for each in model.dimensions) + coupled
    if total != model.highest - model.lowest:
        reason = (
            f"the weights do not add up: base, full marks and coupling are {total:g}, "
            f"the scale is {model.highest - model.lowest:g}"
        )
        yield Problem("dimensions", reason)
    for index, each in enumerate(model.dimensions):
        reachable = sum(most(item) for item in model.items if item.dimension == each.code)
        if each.full is not None and reachable < each.full:
            yield Problem(
                f"dimensions.{index}.full", f"its items give no more than {reachable:g} of {each.full:g}"
            )


def most(item: Item) -> float:
    """The most points an item can give, at least none."""
    return max(0.0, *(float(round(points * item.weight)) for points in item.scale.points))


def _items(model: RiskModel) -> Iterator[Problem]:
    if not model.items:
        yield Problem("items", "a model needs at least one")
    yield from _twice("items", [item.indicator for item in model.items])
    for index, item in enumerate(model.items):
        if item.weight <= 0:
            yield Problem(f"items.{index}.weight", "must be above 0")


def _names(model: RiskModel) -> Iterator[Problem]:
    counted: Counter[str] = Counter()
    for place, rule in _placed(model):
        if counted[rule.code]:
            yield Problem(place, f"{rule.code} is there twice")
        counted[rule.code] += 1
        if rule.code == _PERSON:
            yield Problem(f"{place}.code", f"{_PERSON} is what people decide: a rule needs another name")


def _adjustments(model: RiskModel) -> Iterator[Problem]:
    for place, rule in _placed(model):
        if rule.asks_age and rule.flag is Flag.NONE:
            yield Problem(
                f"{place}.flag", "a condition of age needs a flag, by which it is seen in the books"
            )
        if rule.flag & _RESERVED:
            yield Problem(f"{place}.flag", "is set by the service alone")
        if rule.valid_to < rule.valid_from:
            yield Problem(f"{place}.valid_to", "is before valid_from")
        if abs(rule.shift) > 1:
            yield Problem(f"{place}.shift", "is one step at most")
        if rule.kind == "override" and (rule.floor is None or rule.shift or rule.ignores):
            yield Problem(place, "an override sets a floor and nothing else")
        if rule.kind == "modifier" and not (rule.floor or rule.shift or rule.ignores or rule.flag):
            yield Problem(place, "changes nothing")


def _twice(place: str, codes: Iterable[str]) -> Iterator[Problem]:
    counted: Counter[str] = Counter()
    for index, code in enumerate(codes):
        if counted[code]:
            yield Problem(f"{place}.{index}", f"{code} is there twice")
        counted[code] += 1


def _read(numbers: Iterable[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
