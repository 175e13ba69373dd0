"""What judges is kept in memory, and is never other than what was committed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from classification_service.model.intervention import InterventionKind, Standing
from classification_service.rules.judging import InForce
from sqlalchemy import text

USCC, OTHER = "91510104YY000001XM", "91510117YY0000028G"
NOW = datetime(2026, 5, 27, 2, tzinfo=UTC)
SET_BY_HAND = """
    insert into intervention (uscc, kind, class, indicator, reason, evidence, expires_on, state, proposed_by,
                              proposed_at, decided_by, decided_at, moved_in)
    values (:uscc, 'manual', 'C', '', 'r', '{}', '2030-01-01', 'in_force', 'wang', now(), 'li', now(),
            (select generation from standing))
"""


class _Crash(Exception):
    """The process ends."""


async def _adjusted(store: Any, *, crash: bool, uscc: str = USCC) -> None:
    async with store.open() as tx:
        await tx.interventions.standing()
        await tx._transaction.connection.execute(text(SET_BY_HAND), {"uscc": uscc})
        assert uscc in (await tx.in_force()).interventions
        if crash:
            raise _Crash


async def test_what_a_lost_transaction_moved_is_not_remembered(sql_store: Any) -> None:
    """The next to move it reaches the same generation with other content."""
    with pytest.raises(_Crash):
        await _adjusted(sql_store, crash=True)
    async with sql_store.open() as tx:
        await tx.interventions.standing()

    async with sql_store.open() as tx:
        found = await tx.in_force()

    assert found.interventions == {}


async def test_what_was_committed_is_known_to_the_next(sql_store: Any) -> None:
    """Scorers stay as they are: nothing was promoted."""
    async with sql_store.open() as tx:
        before = await tx.in_force()

    await _adjusted(sql_store, crash=False)
    async with sql_store.open() as tx:
        after = await tx.in_force()

    assert [(each.kind, each.risk_class) for each in after.interventions[USCC]] == [
        (InterventionKind.MANUAL, 3)
    ]
    assert after.scorers is before.scorers


async def test_a_lost_transaction_does_not_lose_the_name_of_the_models(sql_store: Any) -> None:
    """A decision whose set nobody knows could not be made again."""

    async def lost() -> None:
        async with sql_store.open() as tx:
            await tx.in_force()
            raise _Crash

    with pytest.raises(_Crash):
        await lost()
    async with sql_store.open() as tx:
        await tx.in_force()

    assert await sql_store.rows("select models from model_set") == [(["general@1"],)]


async def test_only_what_moved_is_read_again(sql_store: Any) -> None:
    """In a city with thousands of decisions in force each new one costs one row; what ended is left out."""
    await _adjusted(sql_store, crash=False)
    async with sql_store.open() as tx:
        await tx.in_force()
    async with sql_store.engine.begin() as connection:
        await connection.execute(text("alter table intervention disable trigger said_once"))
        await connection.execute(text("update intervention set class = 'D'"))  # no generation says so
        await connection.execute(text("alter table intervention enable trigger said_once"))

    await _adjusted(sql_store, crash=False, uscc=OTHER)
    async with sql_store.open() as tx:
        after_one_more = await tx.in_force()
    async with sql_store.open() as tx:
        await tx.interventions.standing()
        ended = replace(await tx.interventions.lock(_number(after_one_more, OTHER)), state=Standing.ENDED)
        await tx.interventions.save(replace(ended, ended_by="li", ended_at=NOW, end_reason="r"))
    async with sql_store.open() as tx:
        after_its_end = await tx.in_force()

    classes = {
        uscc: [each.risk_class for each in some] for uscc, some in after_one_more.interventions.items()
    }
    assert classes == {USCC: [3], OTHER: [3]}
    assert [*after_its_end.interventions] == [USCC]


def _number(found: InForce, uscc: str) -> int:
    return found.interventions[uscc][0].id
