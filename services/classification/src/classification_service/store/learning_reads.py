"""What can be learned from: drawn visits with what was decided before them, and the model that judges such entities."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service import tables
from classification_service.errors import Unknown
from classification_service.model.learning import Sample
from classification_service.model.risk_model import Catalogue, Promotion, RiskModel
from classification_service.rules.choosing import Scorers
from classification_service.store.kept_values import side_by_side
from classification_service.store.packs import StoredModels

_EPOCH = date(1970, 1, 1)
_VISITS = text("""
    select result.occurred_on, result.probability, result.stratum = 'uniform' as is_uniform, result.is_problem,
           result.inspectors, result.sparse_values, result.catalogue_version, result.age_days
    from review_outcome result
    where result.stratum <> 'reported' and result.in_denominator and split_part(result.model_id, '@', 1) = :code
      and (cast(:until as date) is null or result.occurred_on <= :until)
    order by result.occurred_on, result.result_id
""")


class Judging(NamedTuple):
    """The version of a code that is in force, and the number its next version would have."""

    model: RiskModel
    next_version: int


async def judging(connection: AsyncConnection, catalogue: Catalogue, code: str, day: date) -> Judging:
    """The version of this code that judges whole entities on this day; a sector's visits are of no class of its own.

    Raises:
        Unknown: None does.
    """
    models = (await StoredModels.load(connection, catalogue)).all()
    rows = await connection.execute(select(tables.promotion).order_by(tables.promotion.c.number))
    promotions = [Promotion(row.number, row.model_id, (row.from_day - _EPOCH).days) for row in rows]
    promoted = [each for each in models if each.id in {one.model_id for one in promotions}]
    scorers = Scorers(promoted, promotions, catalogue).on((day - _EPOCH).days)
    live = {each.model.code: each.model for each in scorers.whole}
    if code not in live:
        raise Unknown(f"model {code} of whole entities in force on {day}")
    return Judging(live[code], 1 + max(each.version for each in models if each.code == code))


async def drawn_visits(
    connection: AsyncConnection, widths: Mapping[int, int], code: str, until: date | None
) -> Sample:
    """Valid drawn visits to entities that this code judged, up to a day; reported ones have no odds and are none.

    Args:
        connection: what is read is of one moment only where its transaction says so.
        widths: how many indicators each catalogue had, by its version.
        code: of the model.
        until: None is no limit.
    """
    found = (await connection.execute(_VISITS, {"code": code, "until": until})).all()
    rows = [row for row in found if row.sparse_values is not None]
    return Sample(
        days=np.array([(row.occurred_on - _EPOCH).days for row in rows], dtype=np.int64),
        values=side_by_side(
            [row.sparse_values for row in rows], [row.catalogue_version for row in rows], widths
        ),
        age_days=np.array(
            [np.nan if row.age_days is None else row.age_days for row in rows], dtype=np.float64
        ),
        found=np.array([row.is_problem for row in rows], dtype=np.float64),
        weights=1 / np.array([row.probability for row in rows], dtype=np.float64),
        uniform=np.array([row.is_uniform for row in rows], dtype=bool),
        inspectors=tuple(tuple(row.inspectors) for row in rows),
        without_evidence=len(found) - len(rows),
    )
