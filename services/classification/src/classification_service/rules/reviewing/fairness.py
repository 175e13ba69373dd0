"""Whether the model treats kinds of entities alike."""

from collections.abc import Iterator

import numpy as np

from classification_service.model.evidence import Booleans, Evidence
from classification_service.model.figures import FairnessRow
from classification_service.rules.reviewing.ratios import rate_ratio, share_of

GROUPINGS = ("ownership", "size", "area", "age")


def fairness_of(evidence: Evidence) -> tuple[FairnessRow, ...]:
    """Each group beside all others; only the control group, which every entity had the same chance to be in.

    The discovery rate asks whether a class means the same risk everywhere (predictive parity), the share of C and
    D among the clean whom its errors burden (false positive rates). Both cannot be alike where the rates differ:
    people weigh them.

    Source: M. Hardt, E. Price and N. Srebro, Equality of opportunity in supervised learning, 2016; A. Chouldechova,
    Fair prediction with disparate impact, 2017.
    """
    control = evidence.control
    return tuple(row for by in GROUPINGS for row in _rows(control, by))


def _rows(control: Evidence, by: str) -> Iterator[FairnessRow]:
    labels = control.labels[by]
    for group in np.unique(labels[labels != ""]).tolist():
        inside: Booleans = labels == group
        yield _row(control, by, group, inside)


def _row(control: Evidence, by: str, group: str, inside: Booleans) -> FairnessRow:
    outside = (control.labels[by] != "") & ~inside
    clean = ~control.problem
    flagged = clean & control.worse
    hits, valid = _count(control.problem & inside), _count(inside)
    alarms, spared = _count(flagged & inside), _count(clean & inside)
    return FairnessRow(
        by=by,
        group=group,
        valid=valid,
        problems=hits,
        rate_ratio=rate_ratio(hits, valid, _count(control.problem & outside), _count(outside)),
        false_alarm_share=share_of(alarms, spared),
        false_alarm_ratio=rate_ratio(alarms, spared, _count(flagged & outside), _count(clean & outside)),
    )


def _count(chosen: Booleans) -> int:
    return int(chosen.sum())
