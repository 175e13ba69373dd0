"""Writes the page of risk models from classification's packs. Arguments: the folder for the page."""

import pathlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from classification_service.model.mending import Mend
from classification_service.model.risk_model import Adjustment, Bins, Item, Reaches, RiskClass, RiskModel
from classification_service.store.packs import shipped_catalogue, shipped_mends, shipped_models

HEAD = """# Risk models (信用风险分类模型)

Generated from the packs of services/classification: {count} versions. How a class comes about and how a version is
written: [models](../models.md). Points, full marks and missing values are project-chosen throughout; a source stands
where one was found."""


def page() -> str:
    """The page."""
    catalogue = shipped_catalogue()
    models = shipped_models(catalogue)
    rows = [row for model in models for row in _section(model)]
    mends = _mends(shipped_mends(catalogue))
    return "\n".join([HEAD.format(count=len(models)), *rows, *mends, ""])


def _section(model: RiskModel) -> Iterator[str]:
    until = f" to {model.valid_to}" if model.valid_to else ""
    written: Mapping[str, Any] = model.definition
    frame, scale = written["frame"], written["scale"]
    yield from ("", f"## `{model.id}` · {model.zh} · {model.en}", "")
    yield f"- {model.kind}, from {model.valid_from}{until}; catalogue {model.catalogue_version}"
    yield f"- {frame['citation']} ({frame['confidence']})"
    yield f"- scale {model.lowest:g} to {model.highest:g}, {_cuts(model)}; {scale['citation']} ({scale['confidence']})"
    if model.coupling:
        points = ", ".join(
            f"{letter.name} {points:g}"
            for letter, points in zip(RiskClass, model.coupling.points, strict=True)
        )
        yield f"- the general class gives {points}; {model.coupling.citation} ({model.coupling.confidence})"
    yield f"- base {model.base:g}{''.join(map(_dimension, model.dimensions))}"
    yield from ("", "| indicator | part | points | when unknown |", "|---|---|---|---|")
    yield from map(_item, model.items)
    if model.adjustments:
        yield from ("", "| rule | holds when | does | source |", "|---|---|---|---|")
        yield from map(_rule, model.adjustments)


def _cuts(model: RiskModel) -> str:
    cuts = model.cuts or ()
    named = zip(model.levels, cuts, strict=False)
    return ", ".join(f"{zh} up to {cut:g}" for (zh, _), cut in named)


def _dimension(dimension: Any) -> str:
    full = "" if dimension.full is None else f" {dimension.full:g}"
    return f"; {dimension.code} ({dimension.zh}, {dimension.part}, {dimension.aspect}){full}"


def _item(item: Item) -> str:
    weight = "" if item.weight == 1 else f", times {item.weight:g}"
    mean = f" {item.missing_points:g}" if item.missing.value in {"mean", "worst"} else ""
    return f"| `{item.indicator}` | {item.dimension} | {_scale(item)}{weight} | {item.missing}{mean} |"


def _scale(item: Item) -> str:
    if isinstance(item.scale, Bins):
        edges, points = item.scale.edges, item.scale.points
        return ", ".join(
            [f"{points[0]:g}", *(f"{p:g} from {e:g}" for e, p in zip(edges, points[1:], strict=True))]
        )
    return "curve " + ", ".join(
        f"{p:g} at {v:g}" for v, p in zip(item.scale.at, item.scale.points, strict=True)
    )


def _rule(rule: Adjustment) -> str:
    return (
        f"| `{rule.code}` {rule.zh} | {_when(rule)} | {_does(rule)} | {rule.citation} ({rule.confidence}) |"
    )


def _when(rule: Adjustment) -> str:
    return " and ".join(
        f"`{each.indicator}` {'≤' if each.from_above else '≥'} {each.threshold:g}"
        if isinstance(each, Reaches)
        else f"younger than {each.days} days"
        for each in rule.when
    )


def _does(rule: Adjustment) -> str:
    done = (
        f"{rule.floor.name} at best" if rule.floor else "",
        f"{abs(rule.shift)} step {'worse' if rule.shift > 0 else 'better'}" if rule.shift else "",
        f"no points from {', '.join(rule.ignores)}" if rule.ignores else "",
    )
    return "; ".join(filter(None, done))


def _mends(mends: tuple[Mend, ...]) -> Iterator[str]:
    yield from ("", "## What an entity can mend itself", "")
    yield "The counterfactual proposes these changes and no others."
    yield from ("", "| indicator | how | source |", "|---|---|---|")
    for mend in mends:
        yield f"| `{mend.indicator}` | {mend.en} · {mend.zh} | {mend.citation} ({mend.confidence}) |"


def main(folder: str) -> None:
    """Write it."""
    pathlib.Path(folder, "models.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
