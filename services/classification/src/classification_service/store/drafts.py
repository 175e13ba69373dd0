"""Drafts, roll-backs, shadow runs and the trail in PostgreSQL, inside one transaction."""

import json
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.errors import InvalidModel, NotInThisState, Problem, Unknown
from classification_service.model.governing import Draft, DraftState, Rollback, ShadowRun, Step, Tried
from classification_service.model.risk_model import RiskModel
from classification_service.rules.drafting import Versions
from classification_service.rules.promoting import Course
from classification_service.rules.reading import Document, sha256_of
from classification_service.store.in_force import moved
from classification_service.store.packs import ReadVersions

DRAFT = ", ".join(each.name for each in fields(Draft))
ROLLBACK = ", ".join(each.name for each in fields(Rollback))
RUN = ", ".join(each.name for each in fields(ShadowRun))
_MOVED = tuple(each.name for each in fields(Draft) if each.name not in {"id", "author", "created_at"})
_ADD = text("""
    insert into draft (code, text, version, state, author, created_at, edited_by, edited_at, offers)
    select :code, :text, :version, :state, :author, :created_at, :edited_by, :edited_at, :offers
    where not exists (
        select from draft where starts_with(offers, split_part(cast(:offers as text), ' ', 1) || ' before ')
    )
    on conflict (offers) where offers <> '' do nothing returning id
""")
_LOCK = text(f"select {DRAFT} from draft where id = :id for update")
_SAVE = text(f"""
    update draft set {", ".join(f"{name} = :{name}" for name in _MOVED if name != "definition")},
        definition = cast(:definition as jsonb)
    where id = :id returning definition
""")
_WRITERS = text("select distinct who from model_event where draft = :id and what in ('created', 'edited')")
_NOTE = text("""
    insert into model_event (at, who, what, draft, model_id, note)
    values (:at, :who, :what, :draft, :model_id, :note)
""")
_TRIED = text("select id, sha256, snapshot_id, result -> 'cuts' as cuts from what_if where id = :id")
_NEWEST = text("select code, max(version) as version from model group by code")
_LAST = text("select distinct on (code) code, model_id from promotion join model on model.id = model_id"
             " order by code, from_day desc, number desc")  # fmt: skip
_COURSE = text("select model_id, from_day from promotion join model on model.id = model_id where code = :code"
               " order by from_day, number")  # fmt: skip
_IS_JUDGED = text("select exists (select from state where business_day >= :day)")
_NEWEST_JUDGED = text("select max(business_day) from state")
_ADD_ROLLBACK = text("""
    insert into rollback (code, to_model, from_day, reason, proposed_by, proposed_at)
    values (:code, :to_model, :from_day, :reason, :proposed_by, :proposed_at)
    on conflict (code) where state = 'proposed' do nothing returning number
""")
_LOCK_ROLLBACK = text(f"select {ROLLBACK} from rollback where number = :number for update")
_SAVE_ROLLBACK = text("""
    update rollback set state = :state, from_day = :from_day, decided_by = :decided_by, decided_at = :decided_at,
        refuse_reason = :refuse_reason
    where number = :number
""")
_START = text("""
    insert into shadow_run (draft, draft_version, definition, sha256, started_at, started_by)
    values (:draft, :draft_version, cast(:definition as jsonb), :sha256, :started_at, :started_by)
    on conflict (draft) where stopped_at is null do nothing returning number, definition
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

    def __init__(self, connection: AsyncConnection, versions: ReadVersions) -> None:
        self._connection = connection
        self._versions = versions

    async def add(self, draft: Draft) -> Draft:
        """See `ports.governing.Drafts`."""
        return replace(draft, id=(await self._connection.execute(_ADD, _values(draft))).scalar_one())

    async def offer(self, draft: Draft) -> Draft | None:
        """See `ports.governing.Drafts`."""
        found = (await self._connection.execute(_ADD, _values(draft))).scalar_one_or_none()
        return None if found is None else replace(draft, id=found)

    async def lock(self, draft_id: int) -> Draft:
        """See `ports.governing.Drafts`."""
        row = (await self._connection.execute(_LOCK, {"id": draft_id})).one_or_none()
        if row is None:
            raise Unknown("draft")
        return draft_of(row)

    async def save(self, draft: Draft) -> None:
        """See `ports.governing.Drafts`."""
        definition = None if draft.definition is None else json.dumps(draft.definition, ensure_ascii=False)
        saved = await self._connection.execute(_SAVE, _values(draft) | {"definition": definition})
        _require_same(saved.scalar_one(), draft.sha256)

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

    async def writers(self, draft_id: int) -> frozenset[str]:
        """See `ports.governing.Drafts`."""
        return frozenset((await self._connection.execute(_WRITERS, {"id": draft_id})).scalars())

    async def versions(self) -> Versions:
        """See `ports.governing.Drafts`."""
        newest = {row.code: row.version for row in await self._connection.execute(_NEWEST)}
        last = {row.code: row.model_id for row in await self._connection.execute(_LAST)}
        models = await self._versions.read(self._connection, last.values())
        return Versions(newest, {code: models[model_id] for code, model_id in last.items()})

    async def newest_judged(self) -> date | None:
        """See `ports.governing.Drafts`; takes seconds for a city."""
        found: date | None = (await self._connection.execute(_NEWEST_JUDGED)).scalar_one()
        return found

    async def is_judged(self, day: date) -> bool:
        """See `ports.governing.Drafts`."""
        return bool((await self._connection.execute(_IS_JUDGED, {"day": day})).scalar_one())

    async def course(self, code: str, newest_judged: date | None, today: date) -> Course:
        """See `ports.governing.Drafts`."""
        rows = (await self._connection.execute(_COURSE, {"code": code})).all()
        models = await self._versions.read(self._connection, [row.model_id for row in rows])
        return Course([(models[row.model_id], row.from_day) for row in rows], newest_judged, today)

    async def model(self, model_id: str) -> RiskModel:
        """See `ports.governing.Drafts`."""
        models = await self._versions.read(self._connection, [model_id])
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
        row = (await self._connection.execute(_START, values)).one_or_none()
        if row is None:
            raise NotInThisState("draft", "running beside the live models", "at rest")
        _require_same(row.definition, run.sha256)
        await moved(self._connection)
        return replace(run, number=row.number)

    async def stop_shadow(self, draft_id: int, by: str, at: datetime) -> ShadowRun:
        """See `ports.governing.Drafts`."""
        values = {"draft": draft_id, "by": by, "at": at}
        row = (await self._connection.execute(_STOP, values)).one_or_none()
        if row is None:
            raise NotInThisState("draft", "at rest", "running beside the live models")
        await moved(self._connection)
        return ShadowRun(*row)


def _require_same(document: Document | None, sha256: str | None) -> None:
    """A database may write a number otherwise than it was said; judged by, or hashed at the start, it must be the same.

    Raises:
        InvalidModel: it is not.
    """
    if document is not None and sha256_of(document) != sha256:
        raise InvalidModel("draft", [Problem("", "says what the books do not give back as it was said")])
