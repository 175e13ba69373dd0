"""A judgement as binary COPY columns."""

from collections.abc import Iterator, Sequence

import numpy as np
from eventbus import copying

from classification_service.model.judgement import Decided, Judgement, Matrix

_LETTERS = ("", "A", "B", "C", "D")
_USCC_LENGTH = 18

STATE_COLUMNS = (
    *("uscc", "previous_version", "profile_version", "business_day", "recorded_at"),
    *("score", "class", "flags", "decision_number", "change_number"),
    *("previous_decision", "sectors", "catalogue_version", "set_code", "established_on"),
    *("override_code", "area_code", "industry", "entity_type", "status", "model_id", "sparse_values"),
)
DECISION_COLUMNS = (
    *("uscc", "number", "decided_at", "business_day", "recorded_at", "profile_version", "model_id"),
    *("catalogue_version", "points", "score", "class", "score_class", "flags"),
    *("sectors", "set_code", "established_on", "sparse_values"),
    *("override_code", "cause", "previous_class", "status", "interventions"),
)


def states(judgement: Judgement, chosen: Sequence[int]) -> bytes:
    """The newest states of the chosen entities of the judgement, by position, in order of `STATE_COLUMNS`."""
    changes = [judgement.changes[judgement.rows[each]] for each in chosen]
    heads = [judgement.heads[change.uscc] for change in changes]
    return copying.stream(
        [
            copying.fixed_text([change.uscc for change in changes], _USCC_LENGTH),
            copying.int8([judgement.previous[each][0] for each in chosen]),
            copying.int8([head.profile_version for head in heads]),
            copying.date([change.business_day for change in changes]),
            copying.timestamptz([change.recorded_at_ms for change in changes]),
            copying.float4([head.score for head in heads]),
            copying.fixed_text([_LETTERS[head.risk_class] for head in heads], 1),
            copying.int2([head.flags for head in heads]),
            copying.int4([head.decision_number for head in heads]),
            copying.int4([head.change_number for head in heads]),
            copying.int4([judgement.previous[each][1] for each in chosen]),
            copying.int4([head.sectors for head in heads]),
            copying.int4([judgement.catalogue_version] * len(changes)),
            copying.fixed_text([judgement.set_code] * len(changes), len(judgement.set_code)),
            copying.date([change.established_on_day for change in changes]),
            copying.code([head.override_code for head in heads]),
            copying.code([head.area_code for head in heads]),
            copying.code([head.industry for head in heads]),
            copying.code([head.entity_type for head in heads]),
            copying.code([change.status for change in changes]),
            copying.code([head.model_id for head in heads]),
            copying.bytea([change.values for change in changes]),
        ]
    )


def decisions(judgement: Judgement) -> Iterator[bytes]:
    """The decisions of the judgement in order of `DECISION_COLUMNS`, a stream for each model that made any."""
    model = judgement.verdicts.model
    for index, (rows, points) in enumerate(judgement.verdicts.points):
        decided = [each for each in judgement.decided if model[each.row] == index]
        if decided:
            mine = np.array([each.row for each in decided])
            yield _decisions(judgement, decided, points[np.searchsorted(rows, mine)])


def _decisions(judgement: Judgement, decided: Sequence[Decided], points: Matrix) -> bytes:
    rows, made = [each.row for each in decided], judgement.verdicts
    changes = [judgement.changes[row] for row in rows]
    heads = [each.head for each in decided]
    model_id = made.model_ids[made.model[rows[0]]]
    return copying.stream(
        [
            copying.fixed_text([change.uscc for change in changes], _USCC_LENGTH),
            copying.int4([head.decision_number for head in heads]),
            copying.timestamptz(np.full(len(rows), judgement.decided_at_ms)),
            copying.date([change.business_day for change in changes]),
            copying.timestamptz([change.recorded_at_ms for change in changes]),
            copying.int8([change.profile_version for change in changes]),
            copying.fixed_text([model_id] * len(rows), len(model_id)),
            copying.int4([judgement.catalogue_version] * len(rows)),
            copying.float4_array(points),
            copying.float4([head.score for head in heads]),
            copying.fixed_text([_LETTERS[head.risk_class] for head in heads], 1),
            copying.fixed_text([_LETTERS[each] for each in made.score_class[rows].tolist()], 1),
            copying.int2([head.flags for head in heads]),
            copying.int4([head.sectors for head in heads]),
            copying.fixed_text([judgement.set_code] * len(rows), len(judgement.set_code)),
            copying.date([change.established_on_day for change in changes]),
            copying.bytea([change.values for change in changes]),
            copying.code([head.override_code for head in heads]),
            copying.text([change.cause for change in changes]),
            copying.code([_LETTERS[each.previous.risk_class] for each in decided]),
            copying.code([change.status for change in changes]),
            copying.code([_listed(made.interventions.get(row, ())) for row in rows]),
        ]
    )


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
