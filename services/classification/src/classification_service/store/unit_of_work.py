"""The unit of work on PostgreSQL: one statement per step, whatever the size of the batch."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from asyncpg.exceptions import UniqueViolationError
from eventbus import Transaction, Transient
from sqlalchemy import text

from classification_service import wire
from classification_service.model.judgement import ClassChanged, Head, Judgement
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import RiskClass, RiskModel
from classification_service.store import columns
from classification_service.store.heads import HeadCache

_EPOCH = date(1970, 1, 1)
_HEADS = text("""
    select uscc, profile_version, score, class, override_code, flags, area_code, industry, entity_type,
           decision_number, change_number, model_id
    from state where uscc = any(cast(:usccs as text[]))
""")
_MERGE = text(f"""
    insert into state ({", ".join(columns.STATE_COLUMNS)})
    select {", ".join(columns.STATE_COLUMNS)} from state_staged
    on conflict (uscc) do update
    set {", ".join(f"{name} = excluded.{name}" for name in columns.STATE_COLUMNS[1:])}
    where state.profile_version = excluded.previous_version
""")
_ADD_RESULTS = text("""
    insert into review_result
    select * from unnest(
        cast(:result_id as text[]), cast(:uscc as text[]), cast(:class_at_draw as text[]), cast(:stratum as text[]),
        cast(:probability as double precision[]), cast(:item as text[]), cast(:is_problem as boolean[]),
        cast(:in_denominator as boolean[]), cast(:area_code as text[]), cast(:industry as text[]),
        cast(:occurred_on as date[])
    )
    on conflict (result_id) do nothing
""")
_ADD_MODEL = text("""
    insert into model (id, code, version, valid_from, author, sha256, definition, promoted_at)
    values (:id, :code, :version, :valid_from, :author, :sha256, cast(:definition as jsonb), :promoted_at)
""")
_CLASSES = {each.name: int(each) for each in RiskClass}


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork` over one transaction of the bus."""

    def __init__(self, transaction: Transaction, cache: HeadCache) -> None:
        self._transaction = transaction
        self._cache = cache

    async def heads(self, usccs: Collection[str]) -> Mapping[str, Head]:
        """From memory, and in one query those that are not there."""
        found, missing = self._cache.find(usccs)
        if missing:
            rows = await self._transaction.connection.execute(_HEADS, {"usccs": missing})
            for uscc, version, score, letter, *others in rows:
                found[uscc] = Head(version, score, _CLASSES[letter], *others)
        return found

    async def save(self, judgement: Judgement) -> None:
        """Entities never judged before and decisions are copied in, known entities merged through a staging table.

        Raises:
            Transient: Another writer changed one of the states.
        """
        self._cache.unsettle(judgement.heads)
        versions = judgement.previous_versions
        if unknown := [each for each, version in enumerate(versions) if not version]:
            await self._insert(columns.states(judgement, unknown))
        if known := [each for each, version in enumerate(versions) if version]:
            await self._merge(columns.states(judgement, known), len(known))
        if judgement.decided:
            await self._transaction.copy("decision", columns.DECISION_COLUMNS, columns.decisions(judgement))
        self._transaction.after_commit(lambda: self._cache.remember(judgement.heads))

    async def _insert(self, states: bytes) -> None:
        try:
            await self._transaction.copy("state", columns.STATE_COLUMNS, states)
        except UniqueViolationError as error:
            raise Transient("an entity is known by now") from error

    async def _merge(self, states: bytes, count: int) -> None:
        await self._transaction.copy("state_staged", columns.STATE_COLUMNS, states)
        merged = await self._transaction.connection.execute(_MERGE)
        if merged.rowcount != count:
            raise Transient(f"{merged.rowcount} of {count} states were as expected")

    async def add_results(self, results: Sequence[InspectionResult]) -> None:
        """One statement; those already there stay as they are."""
        arrays = {
            name: list(values)
            for name, values in zip(InspectionResult._fields, zip(*results, strict=True), strict=True)
        }
        arrays["occurred_on"] = [_EPOCH + timedelta(days=day) for day in arrays.pop("occurred_on_day")]
        await self._transaction.connection.execute(_ADD_RESULTS, arrays)

    async def lock_models(self) -> Mapping[str, str]:
        """SHA-256 by id; the table is locked against other writers."""
        connection = self._transaction.connection
        await connection.execute(text("lock table model in share row exclusive mode"))
        rows = await connection.execute(text("select id, sha256 from model"))
        return {row.id: row.sha256 for row in rows}

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        """One row, with the whole definition."""
        values = {
            "id": model.id,
            "code": model.code,
            "version": model.version,
            "valid_from": model.valid_from,
            "author": model.author,
            "sha256": model.sha256,
            "definition": json.dumps(model.definition, ensure_ascii=False),
            "promoted_at": promoted_at,
        }
        await self._transaction.connection.execute(_ADD_MODEL, values)

    def publish_changes(self, changes: Sequence[ClassChanged]) -> None:
        """Encoded at once, published after the commit."""
        self._transaction.publish(*map(wire.class_changed, changes))

    def publish_promotion(self, model: RiskModel) -> None:
        """Encoded at once, published after the commit."""
        self._transaction.publish(wire.model_promoted(model))
