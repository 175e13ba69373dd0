"""The quarantine as a work list: narrowed, counted, settled in bulk. In memory and on real PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from httpapi import Role
from ingestion_builders import LATEST_MS, NOW, NOW_US, OTHER_USCC, PENALTIES, REGISTRY, USCC, event, fact
from ingestion_desk import Desk
from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Action, BulkOrder, Filter, Job, Replacement, State
from ingestion_service.ports import Settlement
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.rules.replacing import replaced
from ingestion_service.use_cases import settle_many
from ingestion_service.use_cases.settle_many import settle_chunk
from ingestion_store import Store, record, somebody_waits

RECORDED = "creditloop.registration.recorded.v1"
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
BENCH = Bench({PENALTIES.name: PENALTIES, REGISTRY.name: REGISTRY}, LATEST_MS, RELEASABLE_CODES)
TRANSLATION = {"data.area_code": Replacement("510122", "510116")}
NOWHERE = "999999"


def registration(fact_id: str, area: str = NOWHERE, **changes: Any) -> Fact:
    data = {"name": "虚构公司", "area_code": area}
    return fact(fact_id, source=REGISTRY, type=RECORDED, data=data, **changes)


async def begin(store: Store, action: Action, of: Filter, **more: Any) -> Job:
    order = BulkOrder(action, of, more.get("replacements", {}), more.get("reason"), "an officer", NOW)
    async with store.open() as tx:
        return await tx.jobs.begin(order)


async def chunk(store: Store, job: Job) -> Job:
    async with store.open() as tx:
        return await settle_chunk(job.id, BENCH, NOW_US + 10, tx)


async def states(store: Store) -> dict[str, State]:
    return {row.fact_id: row.state for row in await store.quarantine.page(Filter(state=None), 0, 1000)}


async def test_the_list_is_narrowed_by_whatever_the_facts_have_in_common(store: Store) -> None:
    """One person works on one heap at a time."""
    await record(store, [registration("1"), fact("2", subject="510104000012345")])
    await record(store, [fact("3", subject="bad1")], NOW_US + 60_000_000)
    later = NOW + timedelta(seconds=30)

    async def ids(**narrow: Any) -> list[str]:
        return [row.fact_id for row in await store.quarantine.page(Filter(**narrow), 0, 9)]

    assert await ids(type=RECORDED) == ["1"]
    assert await ids(subject="0000123") == ["2"]
    assert await ids(subject="BaD") == ["3"]
    assert (await ids(received_to=later), await ids(received_from=later)) == (["1", "2"], ["3"])
    assert await ids(state=State.RELEASED) == []
    assert await ids(ids=(1, 3, 99)) == ["1", "3"]


async def test_a_list_tells_of_an_original_only_its_length(store: Store) -> None:
    """A page of it may be thousands, each as large as a fact may be."""
    await record(store, [registration("1"), fact("2", subject="510104000012345")])

    heads = await store.quarantine.heads(Filter(), 0, 9)

    rows = await store.quarantine.page(Filter(), 0, 9)
    assert [(head.fact_id, head.reason, head.state, head.original_bytes) for head in heads] == [
        (row.fact_id, row.reason, row.state, len(row.original)) for row in rows
    ]


async def test_heaps_are_counted_by_source_and_reason(store: Store) -> None:
    """The largest comes first: there one translation helps most."""
    facts = [fact(f"{n}", subject="bad") for n in range(3)]
    await record(store, [*facts, registration("1"), fact("9", time=None)])

    counted = [(heap.source, heap.reason, heap.facts) for heap in await store.quarantine.counts(Filter())]

    assert counted == [
        ("penalties", "uscc_wrong_length", 3),
        ("penalties", "time_missing", 1),
        ("registry", "unknown_area", 1),
    ]


async def test_one_translation_releases_a_whole_heap(store: Store) -> None:
    """A division was renamed; what has another fault stays, and says which."""
    await record(store, [registration("1"), registration("2", subject="bad"), registration("3", "888888")])
    narrow = Filter(reason="unknown_area")
    how = {"data.area_code": Replacement(NOWHERE, "510116")}

    job = await chunk(store, await begin(store, Action.RELEASE, narrow, replacements=how, reason="renamed"))

    assert (job.matched, job.released, job.unusable, job.ended_at is None) == (2, 1, 1, False)
    assert [(p.fact_id, p.field) for p in job.problems] == [("3", "data.area_code")]
    assert store.published() == ["1"]
    found = await store.ledger.fact("registry", "1")
    assert found is not None
    assert found.contents is not None
    assert found.contents["registration_recorded"]["area_code"] == "510116"
    settled = await store.quarantine.get(1)
    assert settled is not None
    assert (settled.settled_by, settled.note) == ("an officer", f"bulk {job.id}: renamed; corrected")


async def test_a_job_that_was_cut_off_goes_on_where_it_stood(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunk and progress commit together: after a crash nothing is released twice, and nothing left behind."""
    monkeypatch.setattr(settle_many, "CHUNK", 2)
    await record(store, [fact(f"{n}", subject="bad") for n in range(5)])
    how = {"subject": Replacement("BAD", OTHER_USCC)}
    job = await begin(store, Action.RELEASE, Filter(source="penalties"), replacements=how)
    await chunk(store, job)

    with pytest.raises(OSError, match="power"):
        await _cut_off(store, job)
    after_the_crash = set(store.published())
    await record(store, [fact("late", subject="bad")], NOW_US + 20)
    async with store.open() as tx:
        assert await tx.jobs.unfinished() == [job.id]
    while (job := await chunk(store, job)).ended_at is None:
        pass

    assert after_the_crash == {"0", "1"}
    assert (job.matched, job.released) == (5, 5)
    assert sorted(store.published()) == ["0", "1", "2", "3", "4"]
    assert (await states(store))["late"] is State.OPEN
    assert await chunk(store, job) == job


async def _cut_off(store: Store, job: Job) -> None:
    async with store.open() as tx:
        await settle_chunk(job.id, BENCH, NOW_US + 10, tx)
        raise OSError("power")


async def test_what_is_discarded_in_bulk_never_flows_on(store: Store) -> None:
    """Test records that a source sent by mistake."""
    await record(store, [fact("1", subject="bad"), fact("2", subject="bad"), fact("3", time=None)])

    job = await chunk(store, await begin(store, Action.DISCARD, Filter(ids=(1, 2, 77)), reason="test data"))

    assert (job.matched, job.discarded, store.published()) == (2, 2, [])
    assert await states(store) == {"1": State.DISCARDED, "2": State.DISCARDED, "3": State.OPEN}


def test_a_value_is_replaced_only_where_it_stands() -> None:
    """A translation of one code must not touch another, nor the type of a number."""
    line = msgspec.json.encode(event(data={"area_code": "510122", "n": 1, "nothing": None}))

    def data(**replacements: tuple[Any, Any]) -> Any:
        how = {name.replace("__", "."): Replacement(*pair) for name, pair in replacements.items()}
        return msgspec.json.decode(replaced(line, how))["data"]

    assert data(data__area_code=("510122", "510116"))["area_code"] == "510116"
    assert data(data__area_code=("510123", "510116")) == msgspec.json.decode(line)["data"]
    assert data(data__n=("1", 2))["n"] == data(data__n=(True, 2))["n"] == 1
    assert data(data__nothing=(None, "x"), data__absent=(None, "y")) | {"area_code": ""} == {
        "area_code": "",
        "n": 1,
        "nothing": "x",
        "absent": "y",
    }
    assert replaced(b"not json", {"subject": Replacement("a", "b")}) == b"not json"


async def test_staff_settle_a_heap_with_one_request(desk: Desk) -> None:
    """Sent twice under one key it happens once, and both see how it ended."""
    facts = [event(f"{n}", subject="bad") for n in range(3)] + [event("w", subject="worse")]
    order = {
        "filter": {"reason": "uscc_wrong_length"},
        "action": "release",
        "reason": "resolved with the source",
        "replace": {"subject": {"from": "bad", "to": USCC}},
    }
    async with desk.source() as source, desk.person(Role.CITY_ADMINISTRATOR) as person:
        await source.post("/v1/facts", json=facts, headers=BATCH)
        headers = {"Idempotency-Key": '"k1"'}
        first, second = [
            await person.post("/v1/quarantine/bulk", json=order, headers=headers) for _ in range(2)
        ]
        progress = await person.get(first.headers["location"])
        unknown = await person.get("/v1/quarantine/jobs/99")
        counts = (await person.get("/v1/quarantine/counts")).json()

    assert first.status_code == 200, first.text
    assert first.json() == second.json() == progress.json()
    assert (first.json()["released"], first.json()["unusable"]) == (3, 1)
    assert (second.headers["idempotency-replayed"], unknown.status_code) == ("true", 404)
    assert counts == [{"source": "penalties", "reason": "uscc_wrong_length", "facts": 1}]
    assert len(desk.database.contents.published) == 3


async def test_a_bulk_order_that_makes_no_sense_names_its_field(desk: Desk) -> None:
    """Nobody discards everything by a slip."""
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"action": "release"}, "body.filter"),
        ({"action": "release", "filter": {}}, "body.filter"),
        ({"action": "release", "filter": {"source": "a"}, "ids": [1]}, "body.filter"),
        ({"action": "discard", "ids": [1]}, "body.reason"),
        (
            {"action": "discard", "ids": [1], "reason": "xxx", "replace": {"time": {"from": 1, "to": 2}}},
            "body.replace",
        ),
        ({"action": "release", "ids": [1], "replace": {"id": {"from": 1, "to": 2}}}, "body.replace"),
    ]
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        for order, field in wrong:
            answer = await person.post("/v1/quarantine/bulk", json=order)
            assert answer.status_code == 422, order
            assert answer.json()["errors"][0]["field"].startswith(field), answer.text
    async with desk.person(Role.AUDITOR) as auditor:
        refused = await auditor.post("/v1/quarantine/bulk", json={"action": "release", "ids": [1]})
    assert refused.status_code == 403


async def test_what_others_settle_meanwhile_ends_no_job_early(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk found smaller than it was chosen says nothing of those behind it."""
    if store.engine is None:
        pytest.skip("memory has no transactions at once")
    monkeypatch.setattr(settle_many, "CHUNK", 2)
    await record(store, [fact(f"{n}", subject="bad") for n in range(4)])
    job = await begin(store, Action.DISCARD, Filter(source="penalties"), reason="test data")

    async with store.open() as other:
        held = await other.quarantine.take([1, 2])
        chunking = asyncio.create_task(chunk(store, job))
        await somebody_waits(store.engine)
        settlement = Settlement(State.DISCARDED, "another", "seen one by one")
        await other.quarantine.settle([row.id for row in held], settlement)
    first = await chunking
    while (job := await chunk(store, job)).ended_at is None:
        pass

    assert (first.discarded, first.ended_at) == (0, None)
    assert job.discarded == 2
    assert set((await states(store)).values()) == {State.DISCARDED}
