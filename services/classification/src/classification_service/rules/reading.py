"""Reads a model and a catalogue from their parsed documents, and refuses what contradicts itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from classification_service.errors import InvalidModel
from classification_service.model.risk_model import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    Adjustment,
    AtLeast,
    Bins,
    Catalogue,
    Curve,
    Flag,
    Indicator,
    Item,
    MissingPolicy,
    RiskClass,
    RiskModel,
    YoungerThan,
)

Document = Mapping[str, Any]


def catalogue_of(document: Document) -> Catalogue:
    """The catalogue in this document."""
    rows = document["indicators"]
    return Catalogue(document["version"], tuple(Indicator(**row) for row in rows))


def canonical(document: Document) -> bytes:
    """The document's canonical form: JSON with sorted keys, no spaces, dates as ISO text, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)
    return text.encode()


def sha256_of(document: Document) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def model_of(document: Document, catalogue: Catalogue) -> RiskModel:
    """The model in this document, checked against the catalogue it scores.

    Raises:
        InvalidModel: a part is missing, unknown, or contradicts another.
    """
    name = f"{document.get('code')}@{document.get('version')}"
    try:
        model = _model(document)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidModel(name, f"{type(error).__name__}: {error}") from error
    for problem in _problems(model, catalogue):
        raise InvalidModel(name, problem)
    return model


def _model(document: Document) -> RiskModel:
    scale = document["scale"]
    cuts = scale["cuts"]
    if (scale["lowest"], scale["highest"]) != (LOWEST_SCORE, HIGHEST_SCORE):
        raise ValueError("scores run from 0 to 1000")
    valid_from = document["valid_from"]
    return RiskModel(
        code=document["code"],
        version=document["version"],
        catalogue_version=document["catalogue_version"],
        valid_from=valid_from if isinstance(valid_from, date) else date.fromisoformat(valid_from),
        author=document["author"],
        base=float(document["base"]),
        cuts=(float(cuts["A"]), float(cuts["B"]), float(cuts["C"])),
        items=tuple(_item(row) for row in document["items"]),
        adjustments=(
            *(_adjustment(row, "override") for row in document["overrides"]),
            *(_adjustment(row, "modifier") for row in document["modifiers"]),
        ),
        sha256=sha256_of(document),
        definition=json.loads(canonical(document)),
    )


def _item(row: Document) -> Item:
    scale = _bins(row["bins"]) if "bins" in row else _curve(row["curve"])
    missing = row["missing"]
    policy = MissingPolicy(missing["policy"])
    if (policy is MissingPolicy.MEAN) != ("points" in missing):
        raise ValueError(f"{row['indicator']}: the policy mean, and it alone, names its points")
    points = max(scale.points) if policy is MissingPolicy.WORST else missing.get("points", 0)
    return Item(row["indicator"], scale, float(row["weight"]), policy, float(points))


def _bins(row: Document) -> Bins:
    return Bins(_floats(row["edges"]), _floats(row["points"]))


def _curve(knots: Sequence[Sequence[float]]) -> Curve:
    return Curve(_floats(knot[0] for knot in knots), _floats(knot[1] for knot in knots))


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _adjustment(row: Document, kind: str) -> Adjustment:
    return Adjustment(
        code=row["code"],
        kind=kind,
        when=_condition(row["when"]),
        floor=RiskClass[row["floor"]] if "floor" in row else None,
        ignores=tuple(row.get("ignores", ())),
        flag=Flag[row["flag"].upper()] if "flag" in row else Flag.NONE,
        zh=row["zh"],
        en=row["en"],
        citation=row["citation"],
        confidence=row["confidence"],
    )


def _condition(row: Document) -> AtLeast | YoungerThan:
    if "age_days_below" in row:
        return YoungerThan(int(row["age_days_below"]))
    return AtLeast(row["indicator"], float(row["at_least"]))


def _problems(model: RiskModel, catalogue: Catalogue) -> list[str]:
    if model.catalogue_version > catalogue.version:
        return [f"is made for catalogue {model.catalogue_version}, later than {catalogue.version}"]
    codes = [item.indicator for item in model.items]
    used = [*codes, *(rule.when.indicator for rule in model.adjustments if isinstance(rule.when, AtLeast))]
    problems = [f"unknown indicator {code}" for code in used if code not in catalogue.positions]
    problems += [f"{code} is used twice" for code in sorted(set(codes)) if codes.count(code) > 1]
    problems += [
        f"{item.indicator}: its scale is not in order" for item in model.items if not _is_ordered(item.scale)
    ]
    problems += [
        f"{rule.code}: a condition of age needs a flag, by which it is seen in the books"
        for rule in model.adjustments
        if isinstance(rule.when, YoungerThan) and rule.flag is Flag.NONE
    ]
    if not LOWEST_SCORE < model.cuts[0] < model.cuts[1] < model.cuts[2] < HIGHEST_SCORE:
        problems.append(f"the cuts are not in order: {model.cuts}")
    if not model.base.is_integer():
        problems.append("the base is not a whole number of points")
    return problems


def _is_ordered(scale: Bins | Curve) -> bool:
    steps = scale.edges if isinstance(scale, Bins) else scale.at
    wanted = len(steps) + 1 if isinstance(scale, Bins) else len(steps)
    return bool(steps) and len(scale.points) == wanted and list(steps) == sorted(set(steps))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a model")
