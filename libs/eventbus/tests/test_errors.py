"""Which errors are worth another attempt, which make an event poison, and what of them is told."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy.exc
from aiokafka.errors import KafkaTimeoutError, NotLeaderForPartitionError, TopicAuthorizationFailedError
from asyncpg.exceptions import DiskFullError, InterfaceError, QueryCanceledError
from eventbus.engines import engine_of
from eventbus.errors import Poison, Transient, is_refused, is_transient, reason_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    made = engine_of(fresh_database, ["create temp table person (name text unique check (name <> 'Li'))"], 1)
    yield made
    await made.dispose()


async def failure(engine: AsyncEngine, statement: str, **values: object) -> Exception:
    with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
        async with engine.begin() as connection:
            await connection.execute(text(statement), values)
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        sqlalchemy.exc.TimeoutError("QueuePool limit"),
        ConnectionRefusedError(),
        DiskFullError("disk"),
        QueryCanceledError("statement timeout"),
        InterfaceError("cannot perform operation: connection is closed"),
        NotLeaderForPartitionError(),
        KafkaTimeoutError(),
    ],
)
def test_what_passes_by_itself_is_tried_again(error: Exception) -> None:
    """An outage must neither end the process nor cost an event."""
    assert is_transient(error)
    assert not is_refused(error)


@pytest.mark.parametrize(
    "error",
    [
        TopicAuthorizationFailedError("t"),
        InterfaceError("cursor already has an open portal"),
        KeyError("k"),
    ],
)
def test_what_never_passes_ends_the_process(error: Exception) -> None:
    """Tried for ever, a mistake of ours would look like an outage."""
    assert not is_transient(error)
    assert not is_refused(error)


def test_a_mistake_while_handling_an_outage_is_a_mistake() -> None:
    """Only what is raised *from* an outage is one."""
    mistake = KeyError("k")
    mistake.__context__ = ConnectionResetError()

    assert not is_transient(mistake)


@pytest.mark.parametrize(("value", "why"), [(2**40, "int32"), ("not a number", "str")])
async def test_an_argument_the_driver_cannot_encode_is_refused_data(
    engine: AsyncEngine, value: object, why: str
) -> None:
    """It never reaches the database, but no retry mends it either."""
    error = await failure(engine, "select cast(:number as integer)", number=value)

    assert is_refused(error)
    assert not is_transient(error)
    assert why in reason_of(error)
    assert str(value) not in reason_of(error)


async def test_a_reason_tells_the_constraint_and_not_the_person(engine: AsyncEngine) -> None:
    """Letters and logs are read by more people than the row is."""
    error = await failure(engine, "insert into person values (:name)", name="Li")

    assert is_refused(error)
    assert "person_name_check" in reason_of(error)
    assert "'Li'" not in str(error)
    assert "Li" not in reason_of(error)


def test_a_handlers_own_words_are_the_reason() -> None:
    """They were written for the officer who will read them."""
    assert reason_of(Poison("no such area")) == "no such area"


async def test_a_killed_backend_is_an_outage(engine: AsyncEngine) -> None:
    """PostgreSQL restarts now and then."""
    error = await failure(engine, "select pg_terminate_backend(pg_backend_pid())")

    assert is_transient(error)


async def test_what_may_pass_is_not_refused_whatever_caused_it(engine: AsyncEngine) -> None:
    """A stale copy shows as a key that is there already: it is read again, and no event is to blame."""
    stale = Transient("read again")
    stale.__cause__ = await failure(engine, "insert into person values ('Wang'), ('Wang')")

    assert is_transient(stale)
    assert not is_refused(stale)
