"""What was learned as a draft of a model: a document in the form of the packs, which never promotes itself."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from classification_service.model.learning import Input, Scale
from classification_service.model.risk_model import HIGHEST_SCORE, LOWEST_SCORE
from classification_service.rules.learning.applying import establishment_points
from classification_service.rules.learning.studying import Outcome

_CUTS = {"A": 60.0, "B": 85.0, "C": 95.0}
_CHOSEN = "project-chosen"


def draft_of(outcome: Outcome) -> Mapping[str, Any]:
    """The document of the scorecard: an establishment's points, without whoever inspects, and without an approver."""
    study, card = outcome.study, outcome.learned.card
    inputs = {each.code: each for each in study.inputs}
    return {
        "code": study.code,
        "version": study.version,
        "kind": "general",
        "catalogue_version": 1,
        "zh": "由检查结果学得的评分卡（草案）",
        "en": "Scorecard learned from inspections (draft)",
        "valid_from": outcome.window.train_until + timedelta(days=1),
        "author": study.author,
        "frame": {
            "citation": "Learned from inspections with outcomes; not a published model",
            "confidence": _CHOSEN,
        },
        "weights": {"citation": _how(outcome), "confidence": _CHOSEN},
        "scale": {
            "lowest": int(LOWEST_SCORE),
            "highest": int(HIGHEST_SCORE),
            "cuts": _cuts(outcome),
            "citation": "Cuts at the 60th, 85th and 95th percentile of the scores in training",
            "confidence": _CHOSEN,
        },
        "base": card.base,
        "items": [_item(scale) for scale in card.scales if _says_something(scale)],
        "overrides": [],
        "modifiers": [],
        "learned": [_note(inputs[scale.code]) for scale in card.scales if _says_something(scale)],
    }


def _says_something(scale: Scale) -> bool:
    """Whether any value of it makes a difference."""
    return bool(scale.edges)


def _item(scale: Scale) -> dict[str, Any]:
    return {
        "indicator": scale.code,
        "bins": {"edges": list(scale.edges), "points": list(scale.points)},
        "weight": 1.0,
        "missing": {"policy": "mean", "points": scale.missing},
    }


def _note(each: Input) -> dict[str, str]:
    return {
        "indicator": each.code,
        "zh": each.zh,
        "en": each.en,
        "direction": str(each.direction),
        "why": each.why,
        "known": each.known,
    }


def _how(outcome: Outcome) -> str:
    choice = outcome.trials[0].choice
    return (
        f"Binned logistic regression of {len(outcome.train.found)} visits until {outcome.window.train_until}, "
        f"inspectors fitted beside it; ridge {choice.penalty:g}, {choice.bins} bins, inputs '{choice.inputs}', "
        "chosen in the order of time"
    )


def _cuts(outcome: Outcome) -> dict[str, int]:
    """Whole points, each above the one before."""
    scores = establishment_points(outcome.learned.card, outcome.train)
    cuts: dict[str, int] = {}
    least = int(LOWEST_SCORE) + 1
    for letter, percent in _CUTS.items():
        cuts[letter] = max(least, int(np.floor(np.percentile(scores, percent))))
        least = cuts[letter] + 1
    return cuts
