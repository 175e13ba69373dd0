"""A model's document becomes a model."""

import json
from collections.abc import Mapping
from datetime import date

from vocabulary.industries import Sector

from classification_service.errors import InvalidModel, Problem
from classification_service.model.risk_model import (
    LEVELS,
    NO_DAY,
    Adjustment,
    Aspect,
    Catalogue,
    Coupling,
    Dimension,
    Flag,
    Indicator,
    Item,
    Kind,
    MissingPolicy,
    RiskClass,
    RiskModel,
)
from classification_service.model.risk_model import Part as PartOfScore
from classification_service.rules.reading.consistency import problems_of
from classification_service.rules.reading.documents import Document, canonical, sha256_of
from classification_service.rules.reading.parts import Part
from classification_service.rules.reading.scales import conditions_of, scale_of

CONFIDENCES = (
    "article",
    "code",
    "memory-high",
    "memory-low",
    "memory-medium",
    "page",
    "project-chosen",
    "regulation",
)
_EPOCH = date(1970, 1, 1)
MOST_POINTS = 1e6
"""Of one item, more or less: beyond it points are no longer whole in the numbers that scores are added up in."""


def catalogue_of(document: Document) -> Catalogue:
    """The catalogue in this document."""
    rows = document["indicators"]
    return Catalogue(document["version"], tuple(Indicator(**row) for row in rows))


def model_of(document: Document, catalogue: Catalogue, lines: Mapping[str, int] | None = None) -> RiskModel:
    """The model in this document, checked against the catalogue it scores.

    Raises:
        InvalidModel: parts are missing, unknown, or contradict others; names them all.
    """
    problems: list[Problem] = []
    root = Part(document, "", problems)
    model = _model(root, document)
    root.end()
    problems = problems or problems_of(model, catalogue)
    if problems:
        name = f"{document.get('code')}@{document.get('version')}"
        raise InvalidModel(name, [each._replace(line=_line(each.place, lines or {})) for each in problems])
    return model


def _line(place: str, lines: Mapping[str, int]) -> int:
    """The line of the place, or of the nearest part around it."""
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return lines.get(place, 0)


def _model(root: Part, document: Document) -> RiskModel:
    root.ignore("frame", "weights", "learned")
    kind = Kind(root.choice("kind", list(Kind), Kind.GENERAL))
    is_sector = kind is Kind.SECTOR
    scale = root.part("scale")
    lowest, highest = scale.whole("lowest"), scale.whole("highest")
    cuts, shares = _cuts(scale)
    scale.ignore("citation", "confidence")
    scale.end()
    return RiskModel(
        code=root.text("code"),
        version=int(root.whole("version")),
        kind=kind,
        sector=root.choice("sector", list(Sector)) if is_sector else "",
        member=root.text("member") if is_sector else "",
        catalogue_version=int(root.whole("catalogue_version")),
        zh=root.text("zh"),
        en=root.text("en"),
        valid_from=root.day("valid_from"),
        valid_to=root.day("valid_to") if "valid_to" in root else None,
        author=root.text("author"),
        approver=root.text("approver", ""),
        lowest=lowest,
        highest=highest,
        base=root.whole("base"),
        cuts=cuts,
        shares=shares,
        levels=_levels(root),
        dimensions=tuple(map(_dimension, root.parts("dimensions"))),
        items=tuple(map(_item, root.parts("items"))),
        coupling=_coupling(root.part("coupling")) if "coupling" in root else None,
        adjustments=(
            *(_adjustment(row, "override") for row in root.parts("overrides")),
            *(_adjustment(row, "modifier") for row in root.parts("modifiers")),
        ),
        sha256=sha256_of(document),
        definition=json.loads(canonical(document)),
    )


def _cuts(scale: Part) -> tuple[tuple[float, float, float] | None, tuple[float, float, float] | None]:
    """The cuts, and the shares they are to be taken from; a version in force has both where it has shares."""
    cuts = _triple(scale.part("cuts")) if "cuts" in scale else None
    shares = _triple(scale.part("shares")) if "shares" in scale else None
    if cuts is None and shares is None:
        scale.wrong(
            "cuts", "must say the greatest scores of A, B and C, or shares what part of the city they are"
        )
    return cuts, shares


def _triple(part: Part) -> tuple[float, float, float]:
    triple = (part.number("A"), part.number("B"), part.number("C"))
    part.end()
    return triple


def _levels(root: Part) -> tuple[tuple[str, str], ...]:
    if "levels" not in root:
        return LEVELS
    levels = root.part("levels")
    named = []
    for letter in RiskClass:
        level = levels.part(letter.name)
        named.append((level.text("zh"), level.text("en")))
        level.end()
    levels.end()
    return tuple(named)


def _dimension(row: Part) -> Dimension:
    dimension = Dimension(
        code=row.text("code"),
        zh=row.text("zh"),
        en=row.text("en"),
        full=row.whole("full") if "full" in row else None,
        part=PartOfScore(row.choice("part", list(PartOfScore))),
        aspect=Aspect(row.choice("aspect", list(Aspect))),
    )
    row.end()
    return dimension


def _item(row: Part) -> Item:
    indicator, weight = row.text("indicator"), row.number("weight", 1.0)
    scale = scale_of(row)
    missing = row.part("missing")
    policy = MissingPolicy(missing.choice("policy", list(MissingPolicy)))
    if policy is MissingPolicy.MEAN:
        missing_points = missing.number("points")
    else:
        missing_points = max(scale.points, default=0.0) if policy is MissingPolicy.WORST else 0.0
    missing.end()
    if max(map(abs, (*scale.points, missing_points))) * abs(weight) > MOST_POINTS:
        row.wrong("weight", f"gives more than {MOST_POINTS:g} points, times the points of the scale")
    dimension = row.text("dimension", "")
    row.ignore("citation", "confidence", "note")
    row.end()
    return Item(indicator, scale, weight, policy, missing_points, dimension)


def _coupling(row: Part) -> Coupling:
    points = tuple(row.whole(letter.name) for letter in RiskClass)
    coupling = Coupling(
        (points[0], points[1], points[2], points[3]),
        row.text("citation"),
        row.choice("confidence", CONFIDENCES),
    )
    row.end()
    return coupling


def _adjustment(row: Part, kind: str) -> Adjustment:
    classes = [each.name for each in RiskClass]
    flags = [flag.name.lower() for flag in Flag if flag.name]
    adjustment = Adjustment(
        code=row.text("code"),
        kind=kind,
        when=conditions_of(row.part("when")),
        floor=RiskClass[row.choice("floor", classes)] if "floor" in row else None,
        shift=int(row.whole("shift", 0.0)),
        ignores=row.texts("ignores"),
        flag=Flag[row.choice("flag", flags).upper()] if "flag" in row else Flag.NONE,
        valid_from=_day_number(row.day("valid_from")) if "valid_from" in row else -NO_DAY,
        valid_to=_day_number(row.day("valid_to")) if "valid_to" in row else NO_DAY,
        zh=row.text("zh"),
        en=row.text("en"),
        citation=row.text("citation"),
        confidence=row.choice("confidence", CONFIDENCES),
    )
    row.end()
    return adjustment


def _day_number(day: date) -> int:
    return (day - _EPOCH).days
