"""Tries a draft over the city before anybody is judged by it (先试后用)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.model.what_if import Counts, Moves, Ratio
from classification_service.ports.city import WhatIfs
from classification_service.rules.reviewing.ratios import wilson
from classification_service.rules.what_if import draft_of, load_of

_EPOCH = date(1970, 1, 1)
_LETTERS = "ABCD"


class Asked(NamedTuple):
    """What is asked.

    Attributes:
        snapshot_id: None for the newest.
    """

    model: RiskModel
    snapshot_id: int | None
    ratios: Mapping[str, Ratio]
    asked_by: str


async def what_if(asked: Asked, catalogue: Catalogue, cities: WhatIfs) -> dict[str, Any]:
    """The answer, which is kept with who asked; percentile cuts are those of this city.

    Raises:
        Unanswerable: There is no such snapshot.
    """
    snapshot = await cities.snapshot(asked.snapshot_id)
    force = await cities.in_force()
    live = force.scorers.on((snapshot.business_day - _EPOCH).days)
    draft, (entities, moves, movers), path = await cities.scan(
        snapshot, draft_of(live, asked.model, catalogue), force
    )
    model = draft.scorer.model
    result = {
        "model": model.id,
        "sha256": model.sha256,
        "cuts": list(model.cuts or ()),
        "snapshot_id": snapshot.id,
        "business_day": snapshot.business_day.isoformat(),
        "entities": entities,
        "movers": movers,
        **_described(moves),
        "load": {
            "now": load_of(moves.visits[0], asked.ratios),
            "then": load_of(moves.visits[1], asked.ratios),
            "ratios": {name: each._asdict() for name, each in asked.ratios.items()},
        },
        "discovery": {
            name: {letter: _rate(*counts) for letter, counts in some.items()}
            for name, some in (await cities.discovery(draft)).items()
        },
    }
    number = await cities.keep((asked.asked_by, snapshot, model), result, path)
    return {"id": number, **result}


def _described(moves: Moves) -> dict[str, Any]:
    return {
        "mix": {"now": _mix(moves.all.sum(axis=1)), "then": _mix(moves.all.sum(axis=0))},
        "migration": _migration(moves.all),
        "by_area": {group: _group(counts) for group, counts in moves.by_area.items()},
        "by_section": {group: _group(counts) for group, counts in moves.by_section.items()},
    }


def _mix(counts: Counts) -> dict[str, int]:
    return {letter: int(counts[index]) for index, letter in enumerate(_LETTERS, 1)}


def _migration(counts: Counts) -> dict[str, dict[str, int]]:
    names = ("", *_LETTERS)
    return {name: _mix(counts[index]) for index, name in enumerate(names) if counts[index].any()}


def _group(counts: Counts) -> dict[str, Any]:
    return {
        "now": _mix(counts.sum(axis=1)),
        "then": _mix(counts.sum(axis=0)),
        "movers": int(counts.sum() - np.trace(counts)),
    }


def _rate(valid: int, problems: int) -> dict[str, Any]:
    low, high = wilson(problems, valid) if valid else (None, None)
    rate = problems / valid if valid else None
    return {"valid": valid, "problems": problems, "rate": rate, "low": low, "high": high}
