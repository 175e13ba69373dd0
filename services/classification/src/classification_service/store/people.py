"""What people did, as it is read; implements `ports.governing.People`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from vocabulary.industries import Sector

from classification_service.model.governing import (
    Draft,
    Live,
    Mover,
    Moves,
    Rollback,
    ShadowRun,
    Step,
    WentLive,
)
from classification_service.model.intervention import KeptIntervention, Objection
from classification_service.rules.verdicts import PLACES
from classification_service.store.drafts import DRAFT, ROLLBACK, RUN, draft_of
from classification_service.store.interventions import KEPT, OBJECTION, kept_of, objection_of
from classification_service.store.work import WaitingReads

_DRAFTS = text(f"""
    select {DRAFT} from draft
    where id < :before and (cast(:state as text) is null or state = :state) order by id desc limit :limit
""")
_DRAFT = text(f"select {DRAFT} from draft where id = :id")
_STEP = "select at, who, what, draft, model_id, note from model_event"
_TRAIL = text(f"""
    {_STEP} where model_id = :id or draft in (select draft from model_event where model_id = :id)
    union all
    select promoted_at, promoted_by, 'shipped', null, model_id, 'from ' || from_day from promotion
    where model_id = :id and approved_by = ''
    order by at
""")
_DRAFT_TRAIL = text(f"{_STEP} where draft = :id order by number")
_ROLLBACKS = text(f"select {ROLLBACK} from rollback where code = :code order by number desc")
_LIVES = text("""
    select promotion.model_id, case when promotion.approved_by = '' then 'shipped' when number = first then 'approved'
        else 'rolled_back' end, from_day, promoted_at, promoted_by, promotion.approved_by, coalesce(draft.author, '')
    from promotion join (select model_id, min(number) as first from promotion group by 1) as once using (model_id)
        left join draft using (model_id)
    order by number
""")
_RUN = text(f"select {RUN} from shadow_run where draft = :draft order by number desc limit 1")
_OF_ENTITY_IN_AREA = """
    (cast(:area as text) is null or exists (select from state where state.uscc = {0}.uscc and area_code = :area))
"""
_VERDICT = "shadow_verdict join state using (uscc)"
"""With where each entity is now: who sees it today is asked by today's area."""
_MOVES = {"none": "''", "area": "state.area_code"}
_HERE = "(cast(:area as text) is null or state.area_code = :area)"
_BY_SECTOR = text(f"""
    select sector.code, live_class, draft_class, count(*)
    from {_VERDICT} join unnest(cast(:codes as text[]), cast(:places as integer[])) as sector (code, place)
        on (shadow_verdict.sectors >> sector.place) & 7 > 0
    where run = :run and {_HERE} group by 1, 2, 3 order by 1, 2, 3
""")
_MOVERS = text(f"""
    select uscc, state.area_code, live_class, live_score, draft_class, draft_score, decided_at from {_VERDICT}
    where run = :run and live_class <> draft_class and uscc > :after and {_HERE} order by uscc limit :limit
""")
_INTERVENTIONS = text(f"""
    select {KEPT} from intervention
    where id < :before and (cast(:uscc as text) is null or uscc = :uscc)
        and (cast(:state as text) is null or state = :state) and {_OF_ENTITY_IN_AREA.format("intervention")}
    order by id desc limit :limit
""")
_INTERVENTION = text(f"select {KEPT} from intervention where id = :id")
_OBJECTIONS = text(f"""
    select {OBJECTION} from objection
    where (due_on, number) > (:due_on, :number) and (cast(:state as text) is null or state = :state)
        and (cast(:uscc as text) is null or uscc = :uscc)
        and (cast(:due as date) is null or due_on < :due) and {_OF_ENTITY_IN_AREA.format("objection")}
    order by due_on, number limit :limit
""")
_OBJECTION = text(f"select {OBJECTION} from objection where number = :number")
_OVERDUE = text("select count(*) from objection where state = 'open' and due_on < :today")


class PeopleReads(WaitingReads):
    """Queries over what people did."""

    async def drafts(self, before: int, limit: int, state: str | None) -> Sequence[Draft]:
        """See `ports.governing.People`."""
        rows = await self._rows(_DRAFTS, {"before": before, "limit": limit, "state": state})
        return [draft_of(row) for row in rows]

    async def draft(self, draft_id: int) -> Draft | None:
        """See `ports.governing.People`."""
        rows = await self._rows(_DRAFT, {"id": draft_id})
        return draft_of(rows[0]) if rows else None

    async def trail(self, model_id: str) -> Sequence[Step]:
        """See `ports.governing.People`."""
        return [Step(*row) for row in await self._rows(_TRAIL, {"id": model_id})]

    async def draft_trail(self, draft_id: int) -> Sequence[Step]:
        """See `ports.governing.People`."""
        return [Step(*row) for row in await self._rows(_DRAFT_TRAIL, {"id": draft_id})]

    async def lives(self) -> Sequence[Live]:
        """See `ports.governing.People`."""
        return [Live(row[0], WentLive(row[1]), *row[2:]) for row in await self._rows(_LIVES, {})]

    async def rollbacks(self, code: str) -> Sequence[Rollback]:
        """See `ports.governing.People`."""
        return [Rollback(*row) for row in await self._rows(_ROLLBACKS, {"code": code})]

    async def shadow_run(self, draft_id: int) -> ShadowRun | None:
        """See `ports.governing.People`."""
        rows = await self._rows(_RUN, {"draft": draft_id})
        return ShadowRun(*rows[0]) if rows else None

    async def shadow_moves(self, run: int, by: str, area_code: str | None) -> Sequence[Moves]:
        """See `ports.governing.People`."""
        values: dict[str, Any] = {"run": run, "area": area_code}
        if by == "sector":
            places = {"codes": [str(each) for each in Sector], "places": [PLACES[each] for each in Sector]}
            return [Moves(*row) for row in await self._rows(_BY_SECTOR, values | places)]
        query = text(f"""
            select {_MOVES[by]}, live_class, draft_class, count(*) from {_VERDICT}
            where run = :run and {_HERE} group by 1, 2, 3 order by 1, 2, 3
        """)
        return [Moves(*row) for row in await self._rows(query, values)]

    async def movers(self, run: int, after: str, limit: int, area_code: str | None) -> Sequence[Mover]:
        """See `ports.governing.People`."""
        values = {"run": run, "after": after, "limit": limit, "area": area_code}
        return [Mover(*row) for row in await self._rows(_MOVERS, values)]

    async def interventions(
        self, before: int, limit: int, area_code: str | None, *, uscc: str | None, state: str | None
    ) -> Sequence[KeptIntervention]:
        """See `ports.governing.People`."""
        values = {"before": before, "limit": limit, "area": area_code, "uscc": uscc, "state": state}
        return [kept_of(row) for row in await self._rows(_INTERVENTIONS, values)]

    async def intervention(self, number: int) -> KeptIntervention | None:
        """See `ports.governing.People`."""
        rows = await self._rows(_INTERVENTION, {"id": number})
        return kept_of(rows[0]) if rows else None

    async def objections(  # noqa: PLR0913 - one keyword for each filter
        self,
        after: tuple[date, int],
        limit: int,
        area_code: str | None,
        *,
        uscc: str | None,
        state: str | None,
        due: date | None,
    ) -> Sequence[Objection]:
        """See `ports.governing.People`."""
        values = {"due_on": after[0], "number": after[1], "limit": limit, "area": area_code}
        rows = await self._rows(_OBJECTIONS, values | {"uscc": uscc, "state": state, "due": due})
        return [objection_of(row) for row in rows]

    async def objection(self, number: int) -> Objection | None:
        """See `ports.governing.People`."""
        rows = await self._rows(_OBJECTION, {"number": number})
        return objection_of(rows[0]) if rows else None

    async def overdue(self, today: date) -> int:
        """See `ports.governing.People`."""
        return int((await self._rows(_OVERDUE, {"today": today}))[0][0])

    async def _rows(self, query: Any, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query, values)]
