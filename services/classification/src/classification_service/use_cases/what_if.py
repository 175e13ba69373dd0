"""Tries a draft over the city before anybody is judged by it (先试后用)."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from classification_service.model.city import Snapshot
from classification_service.model.risk_model import Catalogue, Kind, RiskModel
from classification_service.model.what_if import (
    Counts,
    Found,
    Group,
    Load,
    Mix,
    Moves,
    NowAndThen,
    Rate,
    Ratio,
    UsedRatio,
    WhatIf,
)
from classification_service.ports.city import Tried, WhatIfs
from classification_service.rules.back_testing import Counts as Tested
from classification_service.rules.back_testing import back_tested
from classification_service.rules.inspecting import load_of
from classification_service.rules.reviewing.ratios import wilson
from classification_service.rules.what_if import draft_of

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


async def what_if(asked: Asked, catalogue: Catalogue, cities: WhatIfs) -> WhatIf:
    """The answer, which is kept with who asked; percentile cuts are those of this city.

    Both sides are judged for the snapshot's day, with what people decided as it is in force now: the one by the models
    in force on that day, the other with the draft among them. What is otherwise is the draft's doing alone.

    Raises:
        Unanswerable: There is no such snapshot.
    """
    snapshot = await cities.snapshot(asked.snapshot_id)
    force = await cities.in_force()
    live = force.scorers.on((snapshot.business_day - _EPOCH).days)
    draft = draft_of(live, asked.model, catalogue)
    reading = asyncio.create_task(cities.control())
    try:
        tried = await cities.scan(snapshot, draft, force)
        tested = await asyncio.to_thread(back_tested, await reading, tried.draft)
    finally:
        reading.cancel()
    found = _found(tried, snapshot, asked.ratios, tested)
    number = await cities.keep(asked.asked_by, found, tried.listed_in)
    return {"id": number, **found}


def _found(
    tried: Tried, snapshot: Snapshot, ratios: Mapping[str, Ratio], tested: Mapping[str, Tested]
) -> Found:
    model, moves = tried.draft.scorer.model, tried.moves
    return {
        "model": model.id,
        "sha256": model.sha256,
        "cuts": list(model.cuts or ()),
        "against": [each.id for each in tried.draft.live.models],
        "snapshot_id": snapshot.id,
        "business_day": snapshot.business_day.isoformat(),
        "made_at": snapshot.made_at.isoformat(),
        "entities": tried.entities,
        "movers": tried.movers,
        "moving_anyway": moves.anyway,
        "left": moves.left,
        "mix": _sides(moves.all),
        "migration": _migration(moves.all),
        "by_area": _groups(moves.by_area),
        "by_section": _groups(moves.by_section),
        "by_sector": _groups(moves.by_sector),
        "load": None if model.kind is Kind.SECTOR else _load(moves, ratios),
        "discovery": {name: _rates(counts) for name, counts in tested.items()},
    }


def _load(moves: Moves, ratios: Mapping[str, Ratio]) -> Load:
    now, then = (load_of(drawn, ratios) for drawn in moves.visits)
    used = {
        name: UsedRatio(share=each.share, citation=each.citation, confidence=each.confidence)
        for name, each in ratios.items()
    }
    return Load(now=now, then=then, ratios=used)


def _mix(counts: Counts) -> Mix:
    return {letter: int(counts[index]) for index, letter in enumerate(_LETTERS, 1)}


def _migration(counts: Counts) -> dict[str, Mix]:
    names = ("", *_LETTERS)
    return {name: _mix(counts[index]) for index, name in enumerate(names) if counts[index].any()}


def _sides(counts: Counts) -> NowAndThen:
    return {"now": _mix(counts.sum(axis=1)), "then": _mix(counts.sum(axis=0))}


def _groups(groups: Mapping[str, Counts]) -> dict[str, Group]:
    return {
        group: {**_sides(counts), "movers": int(counts.sum() - np.trace(counts))}
        for group, counts in groups.items()
    }


def _rates(counts: Tested) -> dict[str, Rate]:
    return {letter: _rate(*each) for letter, each in counts.items()}


def _rate(valid: int, problems: int) -> Rate:
    low, high = wilson(problems, valid) if valid else (None, None)
    rate = problems / valid if valid else None
    return {"valid": valid, "problems": problems, "rate": rate, "low": low, "high": high}
