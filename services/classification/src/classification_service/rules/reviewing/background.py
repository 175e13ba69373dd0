"""What was known of an entity before a visit, in the bands that fairness is asked by."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import isnan

from vocabulary.entity_types import entity_types
from vocabulary.sparse_values import unpack

from classification_service.model.review import REPORTED, Evidence, InspectionResult, KnownBefore, Outcome
from classification_service.model.risk_model import Catalogue
from classification_service.model.sectors import SECTORS

CAPITAL_EDGES = (10.0, 100.0, 1000.0)
CAPITAL_BANDS = ("under_10_wan", "10_to_100_wan", "100_to_1000_wan", "1000_wan_and_more")
AGE_EDGES = (1.0, 3.0, 5.0, 10.0)
AGE_BANDS = ("under_1_year", "1_to_3_years", "3_to_5_years", "5_to_10_years", "10_years_and_more")
"""Bands are project-chosen: the steps of the general model's scales."""
_NOTHING = KnownBefore(None, "", None, "", Evidence(), "", "", "")
_ASKED = ("base.capital_wan", "base.age_years", *(sector.member for sector in SECTORS))


def outcomes_of(
    results: Sequence[InspectionResult], known: Mapping[str, KnownBefore], catalogue: Catalogue
) -> list[Outcome]:
    """The results joined to what was known, by result id, before their visits; what the visit brought is not in it."""
    before = [known.get(each.result_id, _NOTHING) for each in results]
    told = unpack([each.evidence.sparse_values or b"" for each in before], len(catalogue.indicators))
    asked = told[:, [catalogue.positions[code] for code in _ASKED]].tolist()
    return [_outcome(*each) for each in zip(results, before, asked, strict=True)]


def _outcome(result: InspectionResult, known: KnownBefore, asked: Sequence[float]) -> Outcome:
    if result.stratum == REPORTED:
        result = result._replace(
            class_at_draw=known.risk_class, area_code=known.area_code, industry=known.industry
        )
    values = dict(zip(_ASKED, asked, strict=True)) if known.evidence.sparse_values is not None else {}
    kind = entity_types().get(known.entity_type)
    return Outcome(
        result=result,
        decision_number=known.decision_number,
        score=known.score,
        model_id=known.model_id,
        ownership=kind.family.value if kind else "",
        size=_band(values.get("base.capital_wan"), CAPITAL_EDGES, CAPITAL_BANDS),
        age=_band(values.get("base.age_years"), AGE_EDGES, AGE_BANDS),
        member_of=sum((values.get(sector.member) == 1.0) << sector.place for sector in SECTORS),
        evidence=known.evidence,
    )


def _band(value: float | None, edges: Sequence[float], bands: Sequence[str]) -> str:
    return "" if value is None or isnan(value) else bands[bisect_right(edges, value)]
