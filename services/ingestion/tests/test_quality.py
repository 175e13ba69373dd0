"""Figures of quality by source and day, from the ledger on real PostgreSQL."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from httpapi import IdentityOptions, LocalIssuer, Role, create_app, verifier_from
from ingestion_builders import NOW, OTHER_USCC, REGISTRY, USCC, bench, fact
from ingestion_service.http_api import quality_router
from ingestion_service.model.fact import FACT_TYPES, Fact
from ingestion_service.model.quality import Quality
from ingestion_service.model.quarantined import Correction
from ingestion_service.rules.completeness import optional_members
from ingestion_service.store.quality import SqlQuality
from ingestion_service.use_cases.settle import ReleaseOrder, release
from ingestion_store import Store, postgres_store, record
from openpyxl import load_workbook
from sqlalchemy import text

DAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
PENALTY = "creditloop.penalty.imposed.v1"
THIRD = "92510107YY0000044K"


@pytest.fixture
async def store(ledger_url: str) -> AsyncIterator[Store]:
    async with postgres_store(ledger_url) as made:
        yield made


def quality_of(store: Store) -> SqlQuality:
    assert store.engine is not None
    return SqlQuality(store.engine, WEEK)


async def came(store: Store, *facts: Fact, at: datetime = NOW) -> None:
    await record(store, facts, int(at.timestamp() * 1_000_000))


async def figures(
    store: Store, source: str = "penalties", fact_type: str | None = None, day: date = DAY
) -> Quality:
    quality = quality_of(store)
    await quality.compute(day, NOW)
    found = {row.fact_type: row for row in await quality.read(day, day, source)}
    return found[fact_type]


async def test_validity_counts_what_was_accepted_as_it_came(store: Store) -> None:
    """A person's corrections do not make the source better, and do not move the fact to another day."""
    await came(store, fact("1"), fact("2"), fact("3"), fact("4", subject="bad"))
    later = NOW + timedelta(days=2)
    async with store.open() as tx:
        order = ReleaseOrder(1, Correction(subject=USCC), "an officer", int(later.timestamp() * 1e6))
        await release(order, bench(), tx)

    found = await figures(store)
    of_release = await quality_of(store).read(later.date(), later.date(), None)

    assert (found.new, found.accepted, found.usable, found.validity) == (4, 3, 4, 0.75)
    assert of_release == []


async def test_uniqueness_counts_what_came_again(store: Store) -> None:
    """Also when a day brought nothing but repetitions."""
    await came(store, fact("1"), fact("2"), fact("2"))
    await came(store, fact("1"), at=NOW + timedelta(seconds=1))
    await came(store, fact("1"), fact("2"), at=NOW + timedelta(days=1))

    first, second = await figures(store), await figures(store, day=DAY + timedelta(days=1))

    assert (first.new, first.duplicates, first.uniqueness) == (2, 2, 0.5)
    assert (second.new, second.duplicates, second.uniqueness, second.validity) == (0, 2, 0.0, None)


async def test_timeliness_is_the_lag_from_occurring_to_coming(store: Store) -> None:
    """With the median and the 95th percentile; what has no date is left out."""
    times = [NOW - timedelta(hours=hours) for hours in (1, 2, 3, 24 * 30)]
    await came(
        store, *(fact(f"{n}", time=at.isoformat()) for n, at in enumerate(times)), fact("x", time=None)
    )

    found = await figures(store)

    assert (found.new, found.dated, found.timely, found.timeliness) == (5, 4, 3, 0.75)
    assert found.lag_median_s == 2.5 * 3600
    assert found.lag_p95_s is not None
    assert 3 * 3600 < found.lag_p95_s < 24 * 30 * 3600


async def test_completeness_counts_optional_members(store: Store) -> None:
    """What is left out where the source might have told; a fine of nothing is told."""
    bare = {"kinds": ["warning"], "document_number": "x"}
    whole = bare | {
        "violation": "v",
        "published_on": "2026-03-03",
        "restriction_until": "2027-01-01",
        "authority": "a",
    }
    await came(store, fact("1", data=bare), fact("2", data=whole))
    members = optional_members(FACT_TYPES[PENALTY].number)

    found = await figures(store, fact_type=PENALTY)

    assert set(members) >= {"document_number", "violation", "published_on", "restriction_until", "authority"}
    assert not set(members) & {"fine_fen", "severity", "key_field", "kinds"}
    assert (found.examined, found.members, found.filled) == (2, 2 * len(members), 6)
    assert (await figures(store)).filled == 6


def _typed(fact_id: str, name: str, **changes: Any) -> Fact:
    return fact(fact_id, type=f"creditloop.{name}.v1", **changes)


async def test_contradictions_are_found_in_the_ledger(store: Store) -> None:
    """Each kind once, beside facts that are alike and right."""
    registered = {"type": "creditloop.registration.recorded.v1", "source": REGISTRY}
    before = NOW - timedelta(days=3)
    await came(
        store,
        fact("R1", **registered, time="2020-01-01T00:00:00Z"),
        fact("R2", **registered, subject=OTHER_USCC, time="2020-01-01T00:00:00Z"),
        fact("P-1"),
        _typed("L-1", "listing.entered"),
        _typed("C-1", "registration.cancelled", subject=OTHER_USCC, time="2026-01-01T00:00:00Z"),
        _typed("M-1", "annual-report.missed", data={"report_year": 2024}),
        at=before,
    )
    await came(
        store,
        _typed("A-1", "penalty.annulled", data={"penalty_fact_id": "P-1"}),
        _typed("A-2", "penalty.annulled", data={"penalty_fact_id": "P-9"}),
        _typed("X-1", "listing.removed"),
        _typed("X-2", "listing.removed", subject=OTHER_USCC),
        _typed("F-1", "annual-report.filed", data={"report_year": 2024}),
        _typed("F-2", "annual-report.filed", data={"report_year": 2024, "late": True}),
        _typed("F-3", "annual-report.filed", data={"report_year": 2023}),
        _typed("I-1", "inspection.completed", subject=OTHER_USCC, time="2025-12-01T00:00:00Z"),
        _typed("I-2", "inspection.completed", subject=OTHER_USCC, time="2026-02-01T00:00:00Z"),
        _typed("K-1", "complaint.received", subject=THIRD),
    )

    found = await figures(store)

    assert found.contradictions == {
        "penalty_unknown": 1,
        "listing_unknown": 1,
        "filed_and_missed": 1,
        "after_cancellation": 1,
        "unregistered": 1,
    }
    assert (found.usable, found.contradicting, found.consistency) == (10, 5, 0.5)


async def test_days_that_are_over_are_computed_once_by_themselves(store: Store) -> None:
    """A process that was down over midnight catches up."""
    quality = quality_of(store)
    await came(store, fact("1"))
    tomorrow = NOW + timedelta(days=1)

    first = await quality.catch_up(tomorrow)
    second = await quality.catch_up(tomorrow)

    assert (first[-1], len(first), second) == (DAY, 7, [])
    assert [row.new for row in await quality.read(DAY, DAY, None) if row.fact_type is None] == [1]


async def test_a_day_computed_before_it_was_over_is_computed_again(store: Store) -> None:
    """Half a day would stand for the whole one."""
    quality = quality_of(store)
    await came(store, fact("1"))
    await quality.compute(DAY, NOW)
    await came(store, fact("2"), at=NOW + timedelta(hours=1))

    computed = await quality.catch_up(NOW + timedelta(days=1))

    assert DAY in computed
    assert [row.new for row in await quality.read(DAY, DAY, None) if row.fact_type is None] == [2]


async def test_two_processes_that_catch_up_compute_each_day_once(store: Store) -> None:
    """Who waited looks again before it begins."""
    tomorrow = NOW + timedelta(days=1)

    both = await asyncio.gather(*(quality_of(store).catch_up(tomorrow) for _ in range(2)))

    assert sorted(day for days in both for day in days) == [DAY - timedelta(days=n) for n in range(6, -1, -1)]


async def test_a_day_whose_contradictions_were_not_found_is_missing(store: Store) -> None:
    """A process that ended between the two transactions left figures without them."""
    assert store.engine is not None
    tomorrow = NOW + timedelta(days=1)
    await came(store, fact("1"))
    await quality_of(store).catch_up(tomorrow)
    async with store.engine.begin() as connection:
        await connection.execute(
            text("update quality_run set computed_at = null where day = :day"), {"day": DAY}
        )

    assert await quality_of(store).catch_up(tomorrow) == [DAY]


async def test_who_was_registered_under_an_earlier_code_is_registered(store: Store) -> None:
    """A firm re-coded twice is one firm."""
    earlier, earliest = "91510104YY00000223", OTHER_USCC
    recoded = "creditloop.registration.recoded.v1"
    await came(
        store,
        fact("R", type="creditloop.registration.recorded.v1", subject=earliest),
        fact("C-1", type=recoded, subject=earlier, data={"old_code": earliest}),
        fact("C-2", type=recoded, data={"old_code": earlier}),
        fact("P-1"),
        fact("P-2", subject=THIRD),
    )

    found = await figures(store, fact_type=PENALTY)

    assert found.contradictions == {"unregistered": 1}


async def test_the_figures_are_read_and_computed_over_http(store: Store, issuer: LocalIssuer) -> None:
    """As JSON, by day and source, and as a sheet."""
    await came(store, fact("1"), fact("2", subject="bad"))
    app = create_app(
        "ingestion",
        "1",
        verifier=verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)),
        routers=[quality_router(quality_of(store), lambda: NOW + timedelta(days=1))],
    )
    headers = {"Authorization": f"Bearer {issuer.issue(Role.CITY_ADMINISTRATOR)}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=headers) as person:
        span = {"first": str(DAY), "last": str(DAY)}
        computed = await person.post("/v1/quality/compute", json=span)
        today = await person.post("/v1/quality/compute", json=span | {"last": str(DAY + timedelta(days=1))})
        read = (await person.get("/v1/quality", params=span | {"source": "penalties"})).json()
        other = (await person.get("/v1/quality", params=span | {"source": "registry"})).json()
        sheet = await person.get("/v1/quality.xlsx", params=span)
        wrong = await person.get("/v1/quality", params={"first": str(DAY), "last": "2020-01-01"})

    assert (today.status_code, today.json()["errors"][0]["field"]) == (422, "body.last")
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    assert (computed.json(), other, wrong.status_code) == ({"days": 1}, [], 422)
    assert [(day["source"], day["received"], day["validity"]) for day in read] == [("penalties", 2, 0.5)]
    assert [each["type"] for each in read[0]["types"]] == [PENALTY]
    assert rows[0][:3] == ("day", "source", "type")
    assert [row[:3] for row in rows[1:]] == [(str(DAY), "penalties", None), (str(DAY), "penalties", PENALTY)]
