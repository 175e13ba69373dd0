"""What was learned from a city's files as a scorecard document: to be read, and no model that this service can load."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from classification_service.model.learning import Input, Scale
from classification_service.model.risk_model import HIGHEST_SCORE, LOWEST_SCORE
from classification_service.rules.learning.applying import establishment_points
from classification_service.rules.learning.studying import Outcome

_CUTS = {"A": 60.0, "B": 85.0, "C": 95.0}
_CHOSEN = "project-chosen"
NO_MODEL = (
    "A scorecard document: its inputs are no indicators of the catalogue, so that the service cannot load it"
)


def scorecard_of(outcome: Outcome) -> Mapping[str, Any]:
    """The document of the scorecard: an establishment's points, without whoever inspects."""
    study, card = outcome.study, outcome.learned.card
    inputs = {each.code: each for each in study.inputs}
    return {
        "scorecard": f"{study.code}@{study.version}",
        "note": NO_MODEL,
        "zh": "由检查结果学得的评分卡（不是可载入的模型）",
        "en": "Scorecard learned from inspections (no model to load)",
        "learned_until": outcome.window.train_until,
        "author": study.author,
        "points": {"citation": _how(outcome), "confidence": _CHOSEN},
        "scale": {
            "lowest": int(LOWEST_SCORE),
            "highest": int(HIGHEST_SCORE),
            "cuts": _cuts(outcome),
            "citation": "以训练数据得分的第60、85、95百分位分档",
            "confidence": _CHOSEN,
        },
        "base": card.base,
        "inputs": [_input(inputs[scale.code], scale) for scale in card.scales if _says_something(scale)],
    }


def _says_something(scale: Scale) -> bool:
    """Whether any value of it makes a difference."""
    return bool(scale.edges)


def _input(each: Input, scale: Scale) -> dict[str, Any]:
    return {
        "input": each.code,
        "edges": list(scale.edges),
        "points": list(scale.points),
        "unknown": scale.missing,
        "zh": each.zh,
        "en": each.en,
        "direction": str(each.direction),
        "why": each.why,
        "known": each.known,
    }


def _how(outcome: Outcome) -> str:
    choice = outcome.trials[0].choice
    return (
        f"截至{outcome.window.train_until}的{len(outcome.train.found)}次检查的分箱逻辑回归，检查人员的影响一并拟合；"
        f"岭参数{choice.penalty:g}、{choice.bins}箱、输入项“{choice.inputs}”，按时间先后选定"
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
