"""Drafts, roll-backs, shadow runs and the trail in PostgreSQL, inside one transaction."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.errors import NotInThisState, Unknown
from classification_service.model.governing import Draft, DraftState, Rollback, ShadowRun, Step, Tried
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.drafting import Versions
from classification_service.rules.promoting import Course, newest_of
from classification_service.store.in_force import moved
from classification_service.store.packs import StoredModels

DRAFT = ", ".join(each.name for each in fields(Draft))
ROLLBACK = ", ".join(each.name for each in fields(Rollback))
RUN = ", ".join(each.name for each in fields(ShadowRun))
_MOVED = tuple(each.name for each in fields(Draft) if each.name not in {"id", "author", "created_at"})
_ADD = text("""
    insert into draft (code, text, version, state, author, created_at, edited_by, edited_at)
    values (:code, :text, :version, :state, :author, :created_at, :edited_by, :edited_at) returning id
""")
_LOCK = text(f"select {DRAFT} from draft where id = :id for update")
_SAVE = text(f"""
    update draft set {", ".join(f"{name} = :{name}" for name in _MOVED if name != "definition")},
        definition = cast(:definition as jsonb)
    where id = :id
""")
_NOTE = text("""
    insert into model_event (at, who, what, draft, model_id, note)
    values (:at, :who, :what, :draft, :model_id, :note)
""")
_TRIED = text("select id, sha256, snapshot_id, result -> 'cuts' as cuts from what_if where id = :id")
_LAST = text("select distinct on (code) code, model_id, from_day from promotion join model on model.id = model_id"
             " order by code, from_day desc, number desc")  # fmt: skip
_NEWEST_JUDGED = text("select max(business_day) from state")
_ADD_ROLLBACK = text("""
    insert into rollback (code, to_model, from_day, reason, proposed_by, proposed_at)
    values (:code, :to_model, :from_day, :reason, :proposed_by, :proposed_at)
    on conflict (code) where state = 'proposed' do nothing returning number
""")
_LOCK_ROLLBACK = text(f"select {ROLLBACK} from rollback where number = :number for update")
_SAVE_ROLLBACK = text("""
    update rollback set state = :state, decided_by = :decided_by, decided_at = :decided_at, reason = :reason
    where number = :number
""")
_START = text("""
    insert into shadow_run (draft, draft_version, definition, sha256, started_at, started_by)
    values (:draft, :draft_version, cast(:definition as jsonb), :sha256, :started_at, :started_by)
    on conflict (draft) where stopped_at is null do nothing returning number
""")
_STOP = text(f"""
    update shadow_run set stopped_at = :at, stopped_by = :by where draft = :draft and stopped_at is null
    returning {RUN}
""")


def draft_of(row: Any) -> Draft:
    """The draft in this row of `DRAFT`."""
    draft = Draft(*row)
    return replace(draft, state=DraftState(draft.state))


def _values(row: Draft | Rollback | ShadowRun | Step) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(row)}


class SqlDrafts:
    """Implements `ports.governing.Drafts`."""

    def __init__(self, connection: AsyncConnection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue

    async def add(self, draft: Draft) -> Draft:
        """See `ports.governing.Drafts`."""
        return replace(draft, id=await self._scalar(_ADD, _values(draft)))

    async def lock(self, draft_id: int) -> Draft:
        """See `ports.governing.Drafts`."""
        row = (await self._connection.execute(_LOCK, {"id": draft_id})).one_or_none()
        if row is None:
            raise Unknown("draft")
        return draft_of(row)

    async def save(self, draft: Draft) -> None:
        """See `ports.governing.Drafts`."""
        definition = None if draft.definition is None else json.dumps(draft.definition, ensure_ascii=False)
        await self._connection.execute(_SAVE, _values(draft) | {"definition": definition})

    async def note(self, step: Step) -> None:
        """See `ports.governing.Drafts`."""
        await self._connection.execute(_NOTE, _values(step))

    async def tried(self, what_if: int) -> Tried:
        """See `ports.governing.Drafts`."""
        row = (await self._connection.execute(_TRIED, {"id": what_if})).one_or_none()
        if row is None:
            raise Unknown("what-if")
        lowest, middle, highest = row.cuts
        return Tried(row.id, row.sha256, row.snapshot_id, (lowest, middle, highest))

    async def versions(self) -> Versions:
        """See `ports.governing.Drafts`."""
        models = await self._models()
        last = {code: models[model_id] for code, (model_id, _) in (await self._last()).items()}
        return Versions(newest_of(list(models.values())), last)

    async def course(self, code: str) -> Course:
        """See `ports.governing.Drafts`; looks at every state, which takes seconds for a city."""
        newest = (await self._connection.execute(_NEWEST_JUDGED)).scalar_one()
        last = (await self._last()).get(code)
        if last is None:
            return Course(None, date.min, newest)
        return Course(await self.model(last[0]), last[1], newest)

    async def model(self, model_id: str) -> RiskModel:
        """See `ports.governing.Drafts`."""
        models = await self._models()
        if model_id not in models:
            raise Unknown("model")
        return models[model_id]

    async def add_rollback(self, rollback: Rollback) -> Rollback:
        """See `ports.governing.Drafts`."""
        number = (await self._connection.execute(_ADD_ROLLBACK, _values(rollback))).scalar_one_or_none()
        if number is None:
            raise NotInThisState("code", "waiting for another rollback to be decided", "free")
        return replace(rollback, number=number)

    async def lock_rollback(self, number: int) -> Rollback:
        """See `ports.governing.Drafts`."""
        row = (await self._connection.execute(_LOCK_ROLLBACK, {"number": number})).one_or_none()
        if row is None:
            raise Unknown("rollback")
        return Rollback(*row)

    async def save_rollback(self, rollback: Rollback) -> None:
        """See `ports.governing.Drafts`."""
        await self._connection.execute(_SAVE_ROLLBACK, _values(rollback))

    async def start_shadow(self, run: ShadowRun, model: RiskModel) -> ShadowRun:
        """See `ports.governing.Drafts`."""
        definition = json.dumps(model.definition, ensure_ascii=False)
        values = _values(run) | {"definition": definition}
        number = (await self._connection.execute(_START, values)).scalar_one_or_none()
        if number is None:
            raise NotInThisState("draft", "running beside the live models", "at rest")
        await moved(self._connection)
        return replace(run, number=number)

    async def stop_shadow(self, draft_id: int, by: str, at: datetime) -> ShadowRun:
        """See `ports.governing.Drafts`."""
        values = {"draft": draft_id, "by": by, "at": at}
        row = (await self._connection.execute(_STOP, values)).one_or_none()
        if row is None:
            raise NotInThisState("draft", "at rest", "running beside the live models")
        await moved(self._connection)
        return ShadowRun(*row)

    async def _models(self) -> Mapping[str, RiskModel]:
        models = (await StoredModels.load(self._connection, self._catalogue)).all()
        return {model.id: model for model in models}

    async def _last(self) -> Mapping[str, tuple[str, date]]:
        rows = await self._connection.execute(_LAST)
        return {row.code: (row.model_id, row.from_day) for row in rows}

    async def _scalar(self, statement: Any, values: Mapping[str, Any]) -> int:
        return int((await self._connection.execute(statement, values)).scalar_one())
