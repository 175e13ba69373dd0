"""The register of sources and keys: on PostgreSQL, and the copy of it in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from ingestion_builders import NOW, PENALTIES
from ingestion_fakes import MemoryRegister
from ingestion_service.errors import UnknownKey
from ingestion_service.model.source import ApiKey, NewSource, Source
from ingestion_service.store.register import Directory, SqlRegister
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

KEY = ApiKey("0123456789ab", "penalties", bytes(32), NOW)


@pytest.fixture
async def engine(ledger_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(ledger_url, pool_size=2)
    yield made
    await made.dispose()


class SlowRegister(MemoryRegister):
    """Counts its readings, each of which lets others run."""

    readings = 0

    async def sources(self) -> Mapping[str, Source]:
        self.readings += 1
        found = await super().sources()
        await asyncio.sleep(0)
        return found


async def test_a_key_belongs_to_one_source(engine: AsyncEngine) -> None:
    """Revoking names both."""
    register = SqlRegister(engine)
    for name in ("penalties", "registry"):
        await register.add(NewSource(name, "owner"))
    await register.add_key(KEY)

    with pytest.raises(UnknownKey):
        await register.revoke_key("registry", KEY.key_id, NOW)
    assert KEY.key_id in await register.keys()
    await register.revoke_key("penalties", KEY.key_id, NOW)
    assert await register.keys() == {}


async def test_the_database_refuses_names_of_our_own_services(engine: AsyncEngine) -> None:
    """Whichever way a source is registered."""
    with pytest.raises(IntegrityError):
        await SqlRegister(engine).add(NewSource("creditloop.sampling", "owner"))


async def test_many_that_ask_at_once_share_one_reading() -> None:
    """Every few seconds the copy is too old for all requests under way at the same moment."""
    register = SlowRegister(PENALTIES)
    directory = Directory(register)  # type: ignore[arg-type]

    found = await asyncio.gather(*(directory.sender("penalties") for _ in range(50)))

    assert found == [{"penalties": PENALTIES}] * 50
    assert register.readings == 1


async def test_a_change_is_seen_though_a_reading_was_under_way() -> None:
    """That one may have begun before the change."""
    register = SlowRegister(PENALTIES)
    directory = Directory(register)  # type: ignore[arg-type]
    under_way = asyncio.create_task(directory.sender("penalties"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await register.suspend("penalties", suspended=True)

    await directory.refresh()
    await under_way

    assert await directory.sender("penalties") == {}


async def test_a_key_whose_source_is_not_read_yet_is_not_found() -> None:
    """Sources are read before keys, and both may be added in between."""
    register = SlowRegister()
    register.by_key[KEY.key_id] = KEY

    assert await Directory(register).find(KEY.key_id) is None  # type: ignore[arg-type]
