"""Silence and expiring keys are alerted once, and are over when they are over. On real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from httpapi import IdentityOptions, LocalIssuer, Role, create_app, verifier_from
from ingestion_builders import NOW, REGISTRY, bench, fact
from ingestion_service.http_api import alerts_router
from ingestion_service.model.alert import Alert, Seen
from ingestion_service.model.quarantined import Correction
from ingestion_service.model.source import ApiKey, Signature
from ingestion_service.store.alerts import SqlAlerts
from ingestion_service.store.register import SqlRegister
from ingestion_service.use_cases.settle import ReleaseOrder, release
from ingestion_service.worker.lookout import Lookout
from ingestion_service.worker.periodic import Periodic
from ingestion_store import Store, postgres_store, record
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY = Signature("an administrator", NOW)
_WAITS_LONG = text("""
    select count(*) from pg_locks where not granted and locktype = 'advisory'
      and waitstart < clock_timestamp() - interval '400 milliseconds'
""")


class City:
    """A store with its sources, and a clock."""

    def __init__(self, store: Store) -> None:
        assert store.engine is not None
        self.store = store
        self.engine = store.engine
        self.register = SqlRegister(store.engine)
        self.alerts = SqlAlerts(store.engine)

    async def look(self, at: datetime) -> Seen:
        return await self.alerts.look(at)

    async def send(self, fact_id: str, at: datetime, **changes: Any) -> None:
        await record(self.store, [fact(fact_id, **changes)], int(at.timestamp() * 1_000_000))

    async def expect(self, name: str, seconds: int | None) -> None:
        await self.register.change(name, {"expected_freshness_s": seconds}, BY)

    async def open_alerts(self) -> list[tuple[str, str]]:
        found = await self.alerts.page(is_open=True, kind=None, source=None, after=0, limit=99)
        return [(alert.kind.value, alert.source) for alert in found]


@pytest.fixture
async def city(ledger_url: str) -> AsyncIterator[City]:
    async with postgres_store(ledger_url) as store:
        made = City(store)
        async with made.engine.begin() as connection:
            await connection.execute(text("update source set created_at = :at"), {"at": NOW - 30 * DAY})
        yield made


def sources(alerts: tuple[Alert, ...]) -> list[str]:
    return [alert.source for alert in alerts]


async def test_a_source_silent_for_too_long_is_alerted_once(city: City) -> None:
    """The department hears it from us, not from an enterprise; and hears it once."""
    await city.expect("penalties", 86_400)
    await city.send("1", NOW)

    early = await city.look(NOW + 23 * HOUR)
    late = await city.look(NOW + 25 * HOUR)
    again = await city.look(NOW + 30 * HOUR)

    assert (sources(early.opened), early.silent) == ([], 0)
    assert (sources(late.opened), late.silent, late.opened[0].since) == (["penalties"], 1, NOW)
    assert (sources(again.opened), again.silent) == ([], 1)
    assert await city.open_alerts() == [("source_silent", "penalties")]


async def test_an_alert_is_over_when_facts_come_again(city: City) -> None:
    """And the next silence is another alert."""
    await city.expect("penalties", 3600)
    await city.send("1", NOW)
    await city.look(NOW + 2 * HOUR)
    await city.send("2", NOW + 3 * HOUR)

    over = await city.look(NOW + 3 * HOUR)
    next_one = await city.look(NOW + 5 * HOUR)

    assert (sources(over.closed), over.silent) == (["penalties"], 0)
    assert over.closed[0].closed_by is None
    assert (sources(next_one.opened), next_one.opened[0].since) == (["penalties"], NOW + 3 * HOUR)


async def test_an_alert_that_ended_by_itself_opens_again_for_the_same_silence(city: City) -> None:
    """Somebody expects nothing for a while, and then again: the source has been silent all along."""
    await city.expect("penalties", 3600)
    await city.send("1", NOW)
    first = (await city.look(NOW + 2 * HOUR)).opened
    await city.expect("penalties", None)
    over = (await city.look(NOW + 3 * HOUR)).closed
    await city.expect("penalties", 3600)

    again = (await city.look(NOW + 4 * HOUR)).opened

    assert [alert.id for alert in over] == [alert.id for alert in again] == [alert.id for alert in first]
    assert await city.open_alerts() == [("source_silent", "penalties")]


async def test_a_fact_of_a_clock_that_was_ahead_hides_none_that_come_after_it(city: City) -> None:
    """A month ahead, nobody's last fact would be seen for a month."""
    now = datetime.now(UTC)
    await city.send("ahead", now + 30 * DAY)
    await city.look(now)
    await city.send("c", now, type="creditloop.complaint.received.v1")

    await city.look(now)

    found = {last.fact_type: last.at for last in await city.register.last_facts("penalties")}
    assert found["creditloop.complaint.received.v1"] == now


async def test_how_fresh_a_source_is_agrees_with_what_is_alerted(city: City) -> None:
    """A list that calls a source late, and an alert that does not, would both be doubted."""
    await city.expect("penalties", 3600)
    await city.send("1", NOW)
    await city.look(NOW)

    before = (await city.register.freshness())["penalties"]
    at_the_end = (await city.look(NOW + HOUR)).opened
    beyond = (await city.look(NOW + HOUR + timedelta(seconds=1))).opened
    await city.expect("penalties", None)
    after = (await city.register.freshness())["penalties"]

    assert (before.last_fact_at, before.expected_by) == (NOW, NOW + HOUR)
    assert (len(at_the_end), len(beyond)) == (0, 1)
    assert (after.last_fact_at, after.expected_by) == (NOW, None)


async def test_a_look_waits_for_its_turn_as_long_as_the_other_takes(city: City) -> None:
    """Its statements have no limit; waiting for another process's look must not have one either."""
    limit = {"server_settings": {"statement_timeout": "200"}}
    engine = create_async_engine(city.engine.url, connect_args=limit)
    async with city.engine.begin() as other:
        await other.execute(text("select pg_advisory_xact_lock(hashtextextended('ingestion/alerts', 0))"))
        look = asyncio.create_task(SqlAlerts(engine).look(NOW))
        async with asyncio.timeout(10):
            while not look.done() and not (await other.execute(_WAITS_LONG)).scalar_one():
                await asyncio.sleep(0.01)
        waiting = not look.done()

    await look
    await engine.dispose()

    assert waiting


async def test_a_contested_code_is_alerted_until_a_person_has_seen_to_it(city: City) -> None:
    """It does not end by itself."""
    recoded = {"type": "creditloop.registration.recoded.v1", "data": {"old_code": "510104000012345"}}
    await city.send("R-1", NOW, **recoded)
    await city.send("R-2", NOW + HOUR, **recoded, subject="92510107YY0000036Q")

    seen = await city.look(NOW + DAY)

    alerts = await city.alerts.page(is_open=True, kind=None, source=None, after=0, limit=9)
    assert seen.closed == ()
    assert [(alert.kind.value, alert.about) for alert in alerts] == [
        ("code_contested", "510104000012345 of R-2")
    ]


async def test_an_acknowledged_silence_stays_closed_until_facts_come(city: City) -> None:
    """Holidays need one word, not one an hour."""
    await city.expect("penalties", 3600)
    await city.send("1", NOW)
    alert = (await city.look(NOW + 2 * HOUR)).opened[0]

    done = await city.alerts.acknowledge(alert.id, "holiday", Signature("an officer", NOW + 2 * HOUR))
    later = await city.look(NOW + 9 * HOUR)

    assert (done.closed_by, done.reason) == ("an officer", "holiday")
    assert (sources(later.opened), later.silent, await city.open_alerts()) == ([], 1, [])


async def test_who_is_suspended_or_expects_nothing_is_not_silent(city: City) -> None:
    """And a source that was resumed has its whole span again."""
    await city.expect("penalties", 3600)
    await city.look(NOW)
    await city.register.change("penalties", {"suspended": True}, BY)
    suspended = await city.look(NOW + HOUR)
    await city.register.change("penalties", {"suspended": False}, Signature("x", NOW + 2 * HOUR))

    resumed = await city.look(NOW + 2 * HOUR + HOUR / 2)

    assert (sources(suspended.closed), suspended.silent) == (["penalties"], 0)
    assert (resumed.opened, resumed.silent) == ((), 0)


async def test_a_release_is_no_sign_of_life(city: City) -> None:
    """The fact that a person lets pass came when it came."""
    await city.expect("penalties", 3600)
    await city.send("1", NOW, subject="bad")
    await city.look(NOW + HOUR / 2)
    released = int((NOW + 2 * HOUR).timestamp() * 1_000_000)
    async with city.store.open() as tx:
        order = ReleaseOrder(1, Correction(subject="92510107YY0000036Q"), "an officer", released)
        await release(order, bench(), tx)

    seen = await city.look(NOW + 2 * HOUR)

    assert (sources(seen.opened), [a.since for a in seen.opened]) == (["penalties"], [NOW])


async def test_the_last_fact_of_each_type_is_known(city: City) -> None:
    """Also of what a batch tried again commits a little late."""
    await city.send("1", NOW)
    await city.look(NOW)
    await city.send("c", NOW - timedelta(seconds=20), type="creditloop.complaint.received.v1")
    await city.send("r", NOW + HOUR, source=REGISTRY)
    await city.look(NOW + HOUR)

    last = {found.fact_type: found.at for found in await city.register.last_facts("penalties")}

    assert last == {
        "creditloop.penalty.imposed.v1": NOW,
        "creditloop.complaint.received.v1": NOW - timedelta(seconds=20),
    }


async def test_a_key_that_ends_soon_is_alerted_unless_it_was_rotated(city: City) -> None:
    """Rotating is the answer to the alert."""
    keys = {
        name: ApiKey(str(n) * 12, "penalties", bytes(32), NOW, NOW + days * DAY)
        for n, (name, days) in enumerate({"soon": 10, "later": 40, "over": -1}.items())
    }
    for key in keys.values():
        await city.register.add_key(key, BY)

    opened = (await city.look(NOW)).opened
    ended = await city.look(NOW + 11 * DAY)
    await city.register.rotate_key(
        keys["later"].key_id, ApiKey("9" * 12, "penalties", bytes(32), NOW), NOW + DAY, BY
    )
    await city.register.revoke_key("penalties", keys["soon"].key_id, BY)
    done = await city.look(NOW + 12 * DAY)

    assert [(alert.kind.value, alert.key_id) for alert in opened] == [("key_expiring", keys["soon"].key_id)]
    assert (ended.opened, ended.closed) == ((), ())
    assert ([alert.key_id for alert in done.closed], done.opened) == ([keys["soon"].key_id], ())


async def test_alerts_are_read_and_acknowledged_over_http(city: City, issuer: LocalIssuer) -> None:
    """With a reason; once."""
    await city.expect("penalties", 3600)
    await city.look(NOW)
    app = create_app(
        "ingestion",
        "1",
        verifier=verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)),
        routers=[alerts_router(city.alerts, lambda: NOW)],
    )
    token = issuer.issue(Role.CITY_ADMINISTRATOR)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://x", headers={"Authorization": f"Bearer {token}"}
    ) as person:
        listed = (await person.get("/v1/alerts?kind=source_silent&source=penalties")).json()["items"]
        path = f"/v1/alerts/{listed[0]['id']}/acknowledge"
        without = await person.post(path, json={})
        done = await person.post(path, json={"reason": "their server moves"})
        twice = await person.post(path, json={"reason": "their server moves"})
        unknown = await person.post("/v1/alerts/999/acknowledge", json={"reason": "nothing"})
        closed = (await person.get("/v1/alerts?state=closed")).json()["items"]

    assert [without.status_code, done.status_code, twice.status_code, unknown.status_code] == [
        422,
        200,
        409,
        404,
    ]
    assert (closed, closed[0]["reason"]) == ([done.json()], "their server moves")


async def test_a_look_notes_which_keys_were_used(city: City) -> None:
    """By the day in Shanghai; a key used while the note was written is noted next time."""
    noted: list[tuple[set[str], str]] = []
    used: set[str | None] = {"a", None}

    async def note(key_ids: Any, on: Any) -> None:
        noted.append((set(key_ids), str(on)))
        used.add("b")

    lookout = Lookout(city.alerts.look, note, used, lambda: NOW.replace(hour=20))

    await lookout.look()
    await lookout.look()

    assert noted == [({"a"}, "2026-11-24"), ({"b"}, "2026-11-24")]


async def test_what_is_done_now_and_then_outlives_an_outage_but_not_a_fault() -> None:
    """A database that is away is waited for; a bug ends the process loudly."""
    stop = asyncio.Event()
    failures: list[Exception] = [OSError("away"), ValueError("a bug")]

    async def work() -> None:
        periodic.ask()
        raise failures.pop(0)

    periodic = Periodic(work, 3600, lambda error: isinstance(error, OSError))

    with pytest.raises(ValueError, match="a bug"):
        await periodic.run(stop)
    assert failures == []
