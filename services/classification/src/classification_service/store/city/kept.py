"""Decisions that monthly runs made, which are kept in blocks; implements `ports.MonthlyDecisions`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import nan
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from vocabulary.sparse_values import unpack

from classification_service import tables
from classification_service.model.city import NO_DAY_KNOWN
from classification_service.model.explanation import Decision
from classification_service.model.risk_model import Catalogue
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging_city import cause_of
from classification_service.rules.scoring import Dense, Scorer, Subjects
from classification_service.rules.verdicts import verdicts
from classification_service.store.packs import StoredModels

_OF_ENTITY = text(
    """
    select decided_at, business_day, set_code, substr(classes, place, 1) as risk_class, scores[place] as score,
        flags[place] as flags, sectors[place] as sectors, numbers[place] as number, decisions,
        (select count(*) from unnest(is_decided[:place]) as decided where decided) - 1 as row
    from (select *, array_position(usccs, cast(:uscc as text)) as place from monthly_block
          where run_id = any(array(select id from monthly_run)) and first_uscc <= :uscc and last_uscc >= :uscc) as block
    where place is not null and is_decided[place]
        and (cast(:as_of as timestamptz) is null or decided_at <= :as_of)
    order by number desc
""".replace("[:place]", "[1 \\: place]")
)
_EPOCH = date(1970, 1, 1)
_POSTGRES_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_LETTERS = ("", "A", "B", "C", "D")


class MonthlyDecisions:
    """Reads them one by one, with their points, which follow from values and models.

    Args:
        catalogue: the newest.
        widths: how many indicators each version of it had.
    """

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, widths: Mapping[int, int]) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._widths = widths
        self._sets: dict[str, ScorerSet] = {}

    async def of(self, uscc: str, as_of: datetime | None = None) -> list[Decision]:
        """Those about one entity that were made until then, newest first."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_OF_ENTITY, {"uscc": uscc, "as_of": as_of})).all()
            return [self._decision(uscc, row, await self._set(connection, row.set_code)) for row in rows]

    def _decision(self, uscc: str, row: Any, scorers: ScorerSet) -> Decision:
        said = pa.ipc.open_stream(bytes(row.decisions)).read_next_batch().slice(row.row, 1).to_pylist()[0]
        width = self._widths[said["catalogue_version"]]
        values = unpack([said["values"]], width)
        known = said["established_on"] != NO_DAY_KNOWN
        day = (row.business_day - _EPOCH).days
        return Decision(
            uscc=uscc,
            number=row.number,
            decided_at=row.decided_at,
            business_day=row.business_day,
            recorded_at=_POSTGRES_EPOCH + timedelta(microseconds=said["recorded_at_us"]),
            profile_version=said["profile_version"],
            model_id=said["model_id"],
            values=(*values[0].tolist(), *[nan] * (len(self._catalogue.indicators) - width)),
            points=_points(scorers, values, (day, float(day - said["established_on"]) if known else nan)),
            score=row.score,
            risk_class=row.risk_class,
            score_class=_LETTERS[said["score_class"]],
            override_code=said["override_code"],
            flags=row.flags,
            cause=cause_of(day),
            previous_class=_LETTERS[said["previous_class"]],
            sectors=row.sectors,
            set_code=row.set_code,
            established_on=_EPOCH + timedelta(days=said["established_on"]) if known else None,
            status=said["status"],
            interventions="",
        )

    async def _set(self, connection: AsyncConnection, code: str) -> ScorerSet:
        if code not in self._sets:
            models = await StoredModels.load(connection, self._catalogue)
            chosen = select(tables.model_set.c.models).where(tables.model_set.c.code == code)
            ids = (await connection.execute(chosen)).scalar_one()
            found = {model.id: model for model in models.all()}
            self._sets[code] = ScorerSet([Scorer(found[each], self._catalogue) for each in ids])
        return self._sets[code]


def _points(scorers: ScorerSet, values: Any, when: tuple[int, float]) -> tuple[float, ...]:
    """The points of one entity, from its business day and age."""
    day, age_days = when
    made = verdicts(scorers, Dense(values), Subjects(np.array([age_days]), day))
    rows, points = made.points[int(made.model[0])]
    found: tuple[float, ...] = tuple(points[np.searchsorted(rows, 0)].tolist())
    return found
