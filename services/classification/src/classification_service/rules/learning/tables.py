"""Tables of what was known before each visit."""

from collections.abc import Sequence
from math import inf

import numpy as np

from classification_service.model.learning import Study, Table, Visit
from classification_service.rules.learning.history import Known, known_before

UNKNOWN = float("nan")


def table_of(visits: Sequence[Visit], study: Study, until: float = inf) -> Table:
    """What was known before each visit that has a context; an input that a visit does not have is NaN.

    What visits after the day `until` found is never known.
    """
    known = list(known_before(visits, study.memory, until))
    names = ("", *sorted({_inspector(each) for each in known} - {""}))
    position = {name: index for index, name in enumerate(names)}
    return Table(
        codes=study.codes,
        visit_ids=tuple(each.visit.visit_id for each in known),
        days=np.array([each.visit.day for each in known], dtype=np.int64),
        values=np.array(
            [[each.values.get(code, UNKNOWN) for code in study.codes] for each in known], dtype=np.float64
        ).reshape(-1, len(study.codes)),
        found=np.array([each.visit.critical > 0 for each in known], dtype=np.float64),
        violations=np.array([each.visit.critical for each in known], dtype=np.float64),
        past=np.array([each.past_critical for each in known], dtype=np.float64),
        inspectors=names,
        who=np.array([position[_inspector(each)] for each in known], dtype=np.int64),
        strictness=np.array([each.strictness for each in known], dtype=np.float64).reshape(-1, len(names)),
        shares=np.array([each.shares for each in known], dtype=np.float64).reshape(-1, len(names)),
    )


def _inspector(known: Known) -> str:
    return known.visit.context.inspector if known.visit.context else ""
