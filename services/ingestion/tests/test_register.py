"""The register of sources and keys: on PostgreSQL, and the copy of it in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from ingestion_builders import NOW, PENALTIES
from ingestion_fakes import MemoryRegister
from ingestion_service.errors import UnknownKey, UnknownSource
from ingestion_service.model.source import ApiKey, NewSource, Rate, Signature, Source
from ingestion_service.store.directory import Directory
from ingestion_service.store.register import SqlRegister
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

KEY = ApiKey("0123456789ab", "penalties", bytes(32), NOW)
BY = Signature("an administrator", NOW)


@pytest.fixture
async def engine(ledger_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(ledger_url, pool_size=2)
    yield made
    await made.dispose()


@pytest.fixture(params=["memory", "postgres"])
def register(request: pytest.FixtureRequest) -> MemoryRegister | SqlRegister:
    return MemoryRegister() if request.param == "memory" else SqlRegister(request.getfixturevalue("engine"))


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
        await register.add(NewSource(name, "owner"), BY)
    await register.add_key(KEY, BY)

    with pytest.raises(UnknownKey):
        await register.revoke_key("registry", KEY.key_id, BY)
    assert KEY.key_id in await register.keys()
    await register.revoke_key("penalties", KEY.key_id, BY)
    assert await register.keys() == {}


async def test_the_database_refuses_names_of_our_own_services(engine: AsyncEngine) -> None:
    """Whichever way a source is registered."""
    with pytest.raises(IntegrityError):
        await SqlRegister(engine).add(NewSource("creditloop.sampling", "owner"), BY)


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
    await register.change("penalties", {"suspended": True}, BY)

    await directory.refresh()
    await under_way

    assert await directory.sender("penalties") == {}


async def test_a_key_whose_source_is_not_read_yet_is_not_found() -> None:
    """Sources are read before keys, and both may be added in between."""
    register = SlowRegister()
    register.by_key[KEY.key_id] = KEY

    assert await Directory(register).find(KEY.key_id) is None  # type: ignore[arg-type]


async def test_every_change_is_kept_with_who_made_it(register: MemoryRegister | SqlRegister) -> None:
    """Who raised a source's limit must be found when it floods the city; what stayed is no change."""
    made = await register.add(NewSource("courts", "法院", frozenset({"b", "a"}), contact="张三"), BY)
    later = Signature("another", NOW + timedelta(hours=1))

    changed = await register.change(
        "courts", {"owner": "法院", "rate": Rate(5, 50), "contact": "李四"}, later
    )

    kept = [
        (each.changed_by, each.field, each.before, each.after)
        for each in await register.changes("courts", 0, 9)
    ]
    assert changed == (await register.sources())["courts"]
    assert (changed.contact, changed.rate, changed.fact_types) == ("李四", Rate(5, 50), made.fact_types)
    assert kept == [
        ("an administrator", "registered", None, "courts"),
        ("another", "rate", None, {"facts_per_s": 5, "burst": 50}),
        ("another", "contact", "张三", "李四"),
    ]
    with pytest.raises(UnknownSource):
        await register.change("nobody", {"owner": "x"}, BY)


async def test_a_rotated_key_holds_until_its_overlap_is_over(register: MemoryRegister | SqlRegister) -> None:
    """A source changes its key without a gap; and a key that ends sooner is not prolonged."""
    await register.add(NewSource("penalties", "owner"), BY)
    await register.add_key(KEY, BY)
    second, third = (ApiKey(f"{n}" * 12, "penalties", bytes(32), NOW) for n in (2, 3))

    ends = await register.rotate_key(KEY.key_id, second, NOW + timedelta(days=7), BY)
    sooner = await register.rotate_key(KEY.key_id, third, NOW + timedelta(days=30), BY)

    assert ends == sooner == NOW + timedelta(days=7)
    assert {key.key_id: key.expires_at for key in await register.keys_of("penalties")} == {
        KEY.key_id: ends,
        second.key_id: None,
        third.key_id: None,
    }
    over = Signature("late", NOW + timedelta(days=8))
    with pytest.raises(UnknownKey):
        await register.rotate_key(KEY.key_id, second, NOW + timedelta(days=9), over)


async def test_the_day_a_key_was_last_used_is_kept(engine: AsyncEngine) -> None:
    """A key that nobody uses can be revoked without asking round."""
    register = SqlRegister(engine)
    await register.add(NewSource("penalties", "owner"), BY)
    await register.add_key(KEY, BY)

    await register.used([KEY.key_id, "unknown"], NOW.date())

    assert [key.last_used_on for key in await register.keys_of("penalties")] == [NOW.date()]
