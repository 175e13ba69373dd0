"""A fictional city in the books: registered, and nothing else."""

from collections.abc import Sequence

from eventbus import Bus
from sqlalchemy import text

from profiling_service.model.entities import BLANK, Entity, EntityStatus, Identity
from profiling_service.ports import EntityStep
from profiling_service.search_bench.fiction import Someone
from profiling_service.store import writing

_CHUNK = 20_000
_DAY = 20_600
_STATEMENTS = (
    "set statement_timeout = 0",
    "vacuum analyze entity",
    "vacuum analyze search",
    "reset statement_timeout",
)


async def found(bus: Bus, someones: Sequence[Someone]) -> None:
    """They are registered, and due to become searchable."""
    for start in range(0, len(someones), _CHUNK):
        some = someones[start : start + _CHUNK]
        steps = [_step(each) for each in some]
        async with bus.transaction() as transaction:
            await transaction.copy("entity", writing.NEW_COLUMNS, writing.new_entities(steps, _DAY))
            usccs = [each.uscc for each in some]
            await transaction.copy("search_due", writing.SEARCH_DUE_COLUMNS, writing.search_due(usccs))


async def tidy(bus: Bus) -> None:
    """Statistics are known, as they are of tables that have been there for long."""
    async with bus.engine.connect() as connection:
        driver = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in _STATEMENTS:
            await driver.execute(text(statement))


def _step(someone: Someone) -> EntityStep:
    after = Entity(profile_version=1, description_version=1, status=EntityStatus.ACTIVE)
    identity = Identity(
        name=someone.name,
        address=someone.address,
        area_code=someone.area_code,
        legal_person_ref=someone.person,
    )
    return EntityStep(someone.uscc, BLANK, after, identity, 0)
