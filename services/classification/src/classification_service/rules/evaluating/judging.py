"""What is told of one order of visits."""

from dataclasses import dataclass

from classification_service.model.judgement import Vector
from classification_service.model.learning import Table
from classification_service.rules.evaluating.ranking import (
    auc,
    auc_interval,
    first_half_share,
    within_groups_auc,
)

_DRAWS = 200
_SEED = 20130701


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well an order of visits finds.

    Attributes:
        auc_low: lower end of a 95 % interval, days drawn anew.
        first_half_share: share of the visits with any critical violation that lie in the first half.
        first_half_violations_share: share of all critical violations found in the first half.
        within_inspector_auc: AUC among visits of one inspector, where strictness has no part.
    """

    auc: float
    auc_low: float
    auc_high: float
    first_half_share: float
    first_half_violations_share: float
    within_inspector_auc: float
    n: int


def ranking(scores: Vector, table: Table) -> Ranking:
    """What is told of the order of these visits by score, greatest first."""
    low, high = auc_interval(scores, table.found, table.days, draws=_DRAWS, seed=_SEED)
    return Ranking(
        auc=auc(scores, table.found),
        auc_low=low,
        auc_high=high,
        first_half_share=first_half_share(scores, table.found),
        first_half_violations_share=first_half_share(scores, table.violations),
        within_inspector_auc=within_groups_auc(scores, table.found, table.who),
        n=len(table.found),
    )
