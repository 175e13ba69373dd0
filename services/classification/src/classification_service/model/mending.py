"""What an entity can change itself, and what would have to change for a better class."""

from dataclasses import dataclass

from classification_service.model.risk_model import Adjustment


@dataclass(frozen=True, slots=True)
class Mend:
    """How an indicator can be mended.

    Attributes:
        rises: whether it is mended by more of it.
        until: the value that mending cannot pass.
        zh, en: how, with `{from}` and `{to}` for the values.
    """

    indicator: str
    rises: bool
    until: float
    zh: str
    en: str
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator that would have to change, and how."""

    indicator: str
    zh: str
    en: str
    was: float
    becomes: float
    how_zh: str
    how_en: str
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a better class and cannot be mended.

    Attributes:
        code: of a rule, `manual`, `cancelled`, `score` or `together`.
    """

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would have to change for a better class.

    Attributes:
        risk_class: letter of the class as it is.
        target: the next better class; empty where there is none.
        reached: the class with the changes made, as the scorer finds it; empty where no changes reach the target.
        score: with the changes made; as it is where there are none.
        gained: rules for a better class that hold once the changes are made; a score alone may not explain `reached`.
        obstacles: why the target cannot be reached; empty where it can.
        is_complete: whether every list of changes was tried; else fewer changes than these may do.
    """

    risk_class: str
    target: str
    reached: str
    score: float
    changes: tuple[Change, ...]
    gained: tuple[Adjustment, ...]
    obstacles: tuple[Obstacle, ...]
    is_complete: bool
    sentence: str
    sentence_en: str
