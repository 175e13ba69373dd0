"""Everything the outcomes of a period say about the model, as one document."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from classification_service.model.evidence import CLASSES, Booleans, Evidence
from classification_service.model.figures import Estimate, GroupRate, Summary
from classification_service.model.sectors import SECTORS
from classification_service.rules.reviewing.calibration import calibration_of
from classification_service.rules.reviewing.capture import capacity_of, capture_of, hit_rate_of, lift_of
from classification_service.rules.reviewing.discrimination import auc_of, ks_of
from classification_service.rules.reviewing.fairness import fairness_of
from classification_service.rules.reviewing.ratios import FEWEST, share_of, weighted_rate
from classification_service.rules.reviewing.sentences import findings_of
from classification_service.rules.reviewing.trend import trend_of

GROUPINGS = ("class", "sector", "area", "industry", "item")


class Context(NamedTuple):
    """What a period is held against.

    Attributes:
        reference: outcomes of an earlier period.
        population: entities by class as it stands; None when it is not that of the outcomes.
    """

    reference: Evidence
    population: Mapping[str, int] | None


def summary_of(evidence: Evidence, context: Context) -> Summary:
    """The summary; what was reported is counted apart, and enters nothing else."""
    drawn, reported = evidence.drawn, evidence.reported
    overall = _rate("", drawn, None)
    bare = Summary(
        drawn=len(drawn),
        control=len(drawn.control),
        reported_results=len(reported),
        overall=overall,
        capture=capture_of(drawn),
        hit=hit_rate_of(drawn),
        lift=lift_of(drawn),
        auc=auc_of(drawn),
        ks=ks_of(drawn),
        trend=trend_of(drawn),
        rates={by: rates_by(drawn, by, overall.weighted) for by in GROUPINGS},
        reported=rates_by(reported, "class", None),
        calibration=calibration_of(drawn, context.reference.drawn),
        fairness=fairness_of(drawn),
        capacity=None if context.population is None else capacity_of(drawn, context.population),
        findings=(),
    )
    return findings_of(bare)


def rates_by(evidence: Evidence, by: str, overall: Estimate | None) -> tuple[GroupRate, ...]:
    """The rate of each group, in order of its name; `overall` is the weighted rate that lifts are over."""
    return tuple(_rate(group, evidence.where(inside), overall) for group, inside in _groups(evidence, by))


def _groups(evidence: Evidence, by: str) -> Iterator[tuple[str, Booleans]]:
    """Each group and who is in it; a visit may be in several sectors, and for several items."""
    if by == "class":
        for letter in CLASSES:
            yield letter, np.asarray(evidence.risk_class == letter, bool)
    elif by == "sector":
        masks = evidence.labels["sector"].astype(np.int64)
        for sector in SECTORS:
            yield sector.code, np.asarray(masks >> sector.place & 1, bool)
    elif by == "item":
        lists = [set(joined.split(",")) - {""} for joined in evidence.labels["item"].tolist()]
        for item in sorted(set().union(*lists)):
            yield item, np.array([item in each for each in lists], bool)
    else:
        labels = evidence.labels[by]
        for group in sorted(set(labels.tolist()) - {""}):
            yield group, np.asarray(labels == group, bool)


def _rate(group: str, evidence: Evidence, overall: Estimate | None) -> GroupRate:
    valid, problems = int(evidence.valid.sum()), int(evidence.problem.sum())
    weighted = None if np.isnan(evidence.probability).any() else weighted_rate(evidence)
    known = weighted is not None and weighted.value is not None and overall is not None and overall.value
    return GroupRate(
        group=group,
        results=len(evidence),
        valid=valid,
        problems=problems,
        rate=share_of(problems, valid),
        weighted=weighted,
        lift=weighted.value / overall.value if known else None,  # type: ignore[union-attr, operator]  # both are known
        pending_rate=int((evidence.pending & evidence.valid).sum()) / valid if valid >= FEWEST else None,
    )
