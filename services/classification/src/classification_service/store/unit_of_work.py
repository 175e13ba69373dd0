"""The unit of work on PostgreSQL: one statement per step, whatever the size of the batch."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from asyncpg.exceptions import UniqueViolationError
from eventbus import Transaction, Transient
from httpapi.idempotency_store import SqlIdempotencyStore
from sqlalchemy import text

from classification_service import wire
from classification_service.model.governing import Stored
from classification_service.model.judgement import ClassChanged, Head, Judgement
from classification_service.model.review import InspectionResult, KnownBefore, Outcome, Withdrawal
from classification_service.model.risk_model import PromotedAt, RiskClass, RiskModel
from classification_service.rules.judging import InForce
from classification_service.rules.reading import judging_hash
from classification_service.rules.shadowing import Shadow, ShadowVerdict
from classification_service.store import columns, outcomes
from classification_service.store.drafts import SqlDrafts
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce, moved
from classification_service.store.interventions import SqlInterventions
from classification_service.tables import idempotent_answer

_EPOCH = date(1970, 1, 1)
_HEADS = text("""
    select uscc, profile_version, score, class, override_code, flags, area_code, industry, entity_type,
           decision_number, change_number, model_id, sectors
    from state where uscc = any(cast(:usccs as text[]))
""")
_UNSTAGE = text("delete from state_staged")
_MERGE = text(f"""
    insert into state ({", ".join(columns.STATE_COLUMNS)})
    select {", ".join(columns.STATE_COLUMNS)} from state_staged order by uscc
    on conflict (uscc) do update
    set {", ".join(f"{name} = excluded.{name}" for name in columns.STATE_COLUMNS[1:])}
    where state.profile_version = excluded.previous_version and state.decision_number = excluded.previous_decision
""")
_ADD_MODEL = text("""
    insert into model (id, code, version, valid_from, author, approver, sha256, definition, promoted_at)
    values (:id, :code, :version, :valid_from, :author, :approver, :sha256, cast(:definition as jsonb), :promoted_at)
""")
_PROMOTE = text("""
    insert into promotion (model_id, from_day, promoted_at, promoted_by, approved_by)
    values (:model_id, :from_day, :promoted_at, :promoted_by, :approved_by)
""")
_ADD_SHADOWS = text("""
    insert into shadow_verdict (run, decided_at, uscc, profile_version, area_code, sectors, live_class, live_score,
                                draft_class, draft_score)
    select :run, :decided_at, * from unnest(
        cast(:uscc as text[]), cast(:profile_version as bigint[]), cast(:area_code as text[]),
        cast(:sectors as integer[]), cast(:live_class as smallint[]), cast(:live_score as real[]),
        cast(:draft_class as smallint[]), cast(:draft_score as real[])
    )
    on conflict (run, uscc) do update
    set decided_at = excluded.decided_at, profile_version = excluded.profile_version, area_code = excluded.area_code,
        sectors = excluded.sectors, live_class = excluded.live_class, live_score = excluded.live_score,
        draft_class = excluded.draft_class, draft_score = excluded.draft_score
    where shadow_verdict.profile_version <= excluded.profile_version
""")
_CLASSES = {each.name: int(each) for each in RiskClass}


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork` over one transaction of the bus."""

    def __init__(self, transaction: Transaction, cache: HeadCache, rules: RulesInForce) -> None:
        self._transaction = transaction
        self._cache = cache
        self._rules = rules
        self._has_staged = False
        self.drafts = SqlDrafts(transaction.connection, rules.versions)
        self.interventions = SqlInterventions(transaction.connection, rules.catalogue)
        self.idempotency = SqlIdempotencyStore(transaction.connection, idempotent_answer)

    async def in_force(self) -> InForce:
        """From memory, unless a promotion or a person moved it."""
        return (await self._rules.governing(self._transaction)).in_force

    async def shadows(self) -> Sequence[Shadow]:
        """From memory, unless a run was started or stopped."""
        return (await self._rules.governing(self._transaction)).shadows

    async def add_shadow_verdicts(
        self, shadow: Shadow, verdicts: Sequence[ShadowVerdict], decided_at_ms: int
    ) -> None:
        """One statement; a newer one of an entity stays."""
        if not verdicts:
            return
        arrays = {
            name: list(values)
            for name, values in zip(ShadowVerdict._fields, zip(*verdicts, strict=True), strict=True)
        }
        at = datetime.fromtimestamp(decided_at_ms / 1000, UTC)
        await self._transaction.connection.execute(
            _ADD_SHADOWS, arrays | {"run": shadow.number, "decided_at": at}
        )

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
        previous = judgement.previous
        if unknown := [each for each, (version, _) in enumerate(previous) if not version]:
            await self._insert(columns.states(judgement, unknown))
        if known := [each for each, (version, _) in enumerate(previous) if version]:
            await self._merge(columns.states(judgement, known), len(known))
        for rows in columns.decisions(judgement):
            await self._transaction.copy("decision", columns.DECISION_COLUMNS, rows)
        self._transaction.after_commit(lambda: self._cache.remember(judgement.heads))

    async def _insert(self, states: bytes) -> None:
        try:
            await self._transaction.copy("state", columns.STATE_COLUMNS, states)
        except UniqueViolationError as error:
            raise Transient("an entity is known by now") from error

    async def _merge(self, states: bytes, count: int) -> None:
        if self._has_staged:
            await self._transaction.connection.execute(_UNSTAGE)
        self._has_staged = True
        await self._transaction.copy("state_staged", columns.STATE_COLUMNS, states)
        merged = await self._transaction.connection.execute(_MERGE)
        if merged.rowcount != count:
            raise Transient(f"{merged.rowcount} of {count} states were as expected")

    async def known_before(self, results: Sequence[InspectionResult]) -> Mapping[str, KnownBefore]:
        """One query."""
        return await outcomes.known_before(self._transaction.connection, results)

    async def add_outcomes(self, joined: Sequence[Outcome]) -> None:
        """One statement; those already there stay as they are."""
        await outcomes.add_outcomes(self._transaction.connection, joined)

    async def add_withdrawals(self, withdrawals: Sequence[Withdrawal]) -> None:
        """One statement; the first one holds."""
        await outcomes.add_withdrawals(self._transaction.connection, withdrawals)

    async def lock_models(self) -> Mapping[str, Stored]:
        """The table is locked against other writers."""
        connection = self._transaction.connection
        await connection.execute(text("lock table model in share row exclusive mode"))
        rows = await connection.execute(
            text(
                "select id, sha256, definition, exists (select from draft where model_id = model.id) as own from model"
            )
        )
        return {row.id: Stored(row.sha256, judging_hash(row.definition), row.own) for row in rows}

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        """One row, with the whole definition."""
        values = {
            "id": model.id,
            "code": model.code,
            "version": model.version,
            "valid_from": model.valid_from,
            "author": model.author,
            "approver": model.approver,
            "sha256": model.sha256,
            "definition": json.dumps(model.definition, ensure_ascii=False),
            "promoted_at": promoted_at,
        }
        await self._transaction.connection.execute(_ADD_MODEL, values)

    async def promote(self, model: RiskModel, at: PromotedAt) -> None:
        """One more row; the earlier ones stay."""
        values = {
            "model_id": model.id,
            "from_day": _EPOCH + timedelta(days=at.from_day),
            "promoted_at": at.promoted_at,
            "promoted_by": at.promoted_by,
            "approved_by": at.approved_by,
        }
        await self._transaction.connection.execute(_PROMOTE, values)
        await moved(self._transaction.connection)

    async def name_sets(self) -> None:
        """Those already named stay."""
        await self._rules.name_sets(self._transaction.connection)

    def publish_changes(self, changes: Sequence[ClassChanged]) -> None:
        """Encoded at once, published after the commit."""
        self._transaction.publish(*map(wire.class_changed, changes))

    def publish_promotion(self, model: RiskModel) -> None:
        """Encoded at once, published after the commit."""
        self._transaction.publish(wire.model_promoted(model))
