"""Whether a version can stand beside those that are live."""

from collections.abc import Iterable, Iterator, Mapping

from classification_service.errors import InvalidModel, Problem
from classification_service.model.risk_model import RiskModel


def overlaps(model: RiskModel, live: Iterable[RiskModel]) -> list[Problem]:
    """What is wrong with the model's days and version beside the live versions of its code.

    A live version without a last day makes way for the next; one with a last day is in force up to it.
    """
    others = [each for each in live if each.code == model.code]
    if same := [each for each in others if each.id == model.id]:
        return list(_otherwise(model, same[0]))
    return [problem for each in others for problem in _beside(model, each)]


def require_no_overlap(
    model: RiskModel, live: Iterable[RiskModel], lines: Mapping[str, int] | None = None
) -> None:
    """The model can stand beside the live versions.

    Raises:
        InvalidModel: Its days overlap theirs, or its version is not its own; with the lines.
    """
    if problems := overlaps(model, live):
        at = lines or {}
        raise InvalidModel(model.id, [each._replace(line=at.get(each.place, 0)) for each in problems])


def _otherwise(model: RiskModel, live: RiskModel) -> Iterator[Problem]:
    if model.sha256 != live.sha256:
        yield Problem("version", f"{live.id} is live with other content: a change needs a new version")


def _beside(model: RiskModel, live: RiskModel) -> Iterator[Problem]:
    ends_before = model.valid_to is not None and model.valid_to < live.valid_from
    if model.valid_from <= live.valid_from:
        if not ends_before:
            yield Problem("valid_from", f"overlaps {live.id}, which is live from {live.valid_from}")
    elif live.valid_to is not None and model.valid_from <= live.valid_to:
        yield Problem("valid_from", f"overlaps {live.id}, which is live up to {live.valid_to}")
