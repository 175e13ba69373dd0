"""What one model made of an entity, from a row of its points."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from classification_service.model.explanation import Account, Applied, Line, Parts, Portion
from classification_service.model.risk_model import (
    Adjustment,
    Aspect,
    Dimension,
    Indicator,
    Item,
    Kind,
    MissingPolicy,
    Part,
    RiskClass,
    RiskModel,
)
from classification_service.rules.cases import Case
from classification_service.rules.explaining.lines import Treated, line_of
from classification_service.rules.scoring import Scorer

_NATURES = {Part.STATIC: ("静态", "Static"), Part.DYNAMIC: ("动态", "Dynamic")}
_ASPECTS = {Aspect.CREDIT: ("信用", "Credit"), Aspect.RISK: ("风险", "Risk")}
_GENERAL = ("通用信用", "General class")
_SECTOR = ("行业", "Sector")


class Made(NamedTuple):
    """What a model made.

    Attributes:
        points: in the order of `scoring.entries`.
        override_code: what decided in place of the score.
    """

    scorer: Scorer
    points: Sequence[float]
    score: float
    override_code: str


def account_of(case: Case, made: Made, indicators: Mapping[str, Indicator]) -> Account:
    """The points of the model, each with its reason."""
    model = made.scorer.model
    held = case.held(made.scorer)
    points = dict(zip(made.scorer.entries, made.points, strict=True))
    values = dict(zip(indicators, case.decision.values, strict=True))
    lines = tuple(
        line_of(indicators[item.indicator], item, values[item.indicator], points, _treated(item, case, held))
        for item in model.items
    )
    return Account(
        model_id=model.id,
        lowest=model.lowest,
        highest=model.highest,
        score=made.score,
        base=points["base"],
        general=points.get("general"),
        cap=points["cap"],
        lines=lines,
        parts=_parts(model, lines, points),
        applied=tuple(_applied(rule, case, made.override_code) for rule in held),
        coverage=_coverage(lines),
    )


def _treated(item: Item, case: Case, held: Sequence[Adjustment]) -> Treated:
    code = item.indicator
    ignoring = next((rule.code for rule in held if rule.ignores_indicator(code)), None)
    if ignoring is not None:
        return Treated(f"ignored:{ignoring}")
    return Treated("resting", case.resting[code]) if code in case.resting else Treated()


def _applied(rule: Adjustment, case: Case, override_code: str) -> Applied:
    return Applied(
        code=rule.code,
        kind=rule.kind,
        zh=rule.zh,
        en=rule.en,
        citation=rule.citation,
        confidence=rule.confidence,
        floor=None if rule.floor is None else RiskClass(rule.floor).name,
        shift=rule.shift,
        last_day=case.last_day(rule),
        decided=rule.code == override_code,
    )


def _coverage(lines: tuple[Line, ...]) -> float:
    applicable = [line for line in lines if line.treatment != f"missing:{MissingPolicy.NOT_APPLICABLE}"]
    known = sum(line.value is not None for line in applicable)
    return known / len(applicable) if applicable else 0.0


def _parts(model: RiskModel, lines: Sequence[Line], points: Mapping[str, float]) -> Parts:
    divided = [(each, _portion(each, lines, points)) for each in model.dimensions]
    general = points.get("general")
    coupled = [] if general is None or model.coupling is None else [_coupled(model, general)]
    natures = [
        _together(part, names, [portion for each, portion in divided if each.part is part])
        for part, names in _NATURES.items()
    ]
    aspects = [
        _together(
            aspect,
            names,
            [portion for each, portion in divided if each.aspect is aspect]
            + (coupled if aspect is Aspect.CREDIT else []),
        )
        for aspect, names in _ASPECTS.items()
    ]
    own = _together("sector", _SECTOR, [portion for _, portion in divided])
    return Parts(
        tuple(portion for _, portion in divided),
        (*natures, *coupled) if divided else (),
        tuple(aspects) if divided else (),
        (own, *coupled) if model.kind is Kind.SECTOR else (),
    )


def _portion(dimension: Dimension, lines: Sequence[Line], points: Mapping[str, float]) -> Portion:
    given = sum(line.points for line in lines if line.dimension == dimension.code)
    cut = points.get(f"full:{dimension.code}", 0.0)
    return Portion(dimension.code, dimension.zh, dimension.en, given + cut, dimension.full, cut)


def _coupled(model: RiskModel, general: float) -> Portion:
    most = max(model.coupling.points) if model.coupling else None
    return Portion("general", *_GENERAL, general, most, 0.0)


def _together(code: str, names: tuple[str, str], portions: Sequence[Portion]) -> Portion:
    fulls = [each.full for each in portions]
    full = None if None in fulls else sum(each or 0.0 for each in fulls)
    points, cut = sum(each.points for each in portions), sum(each.cut for each in portions)
    return Portion(str(code), *names, points, full, cut)
