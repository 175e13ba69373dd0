"""One suite for the unit of work on PostgreSQL and the one in memory; and what only the database can promise."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from eventbus import Bus, SqlBooks, Transaction
from repair_builders import (
    FIRM,
    FOOD,
    LIGHT,
    OTHER_FIRM,
    STALL,
    WAN_FEN,
    WARNING,
    annulment,
    at,
    cancellation,
    listing,
    penalty,
    removal,
    serious,
    supersession,
)
from repair_fakes import MemoryUnitOfWork
from repair_service import use_cases
from repair_service.errors import UnknownRecord
from repair_service.model import Description, Fact, StopOrder
from repair_service.ports import RecordFilter, UnitOfWork
from repair_service.rules import Law
from repair_service.store import BOOKS, EntityTrail, Reads, SqlUnitOfWork
from repair_service.tables import metadata
from sqlalchemy import event, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.uscc import synthesise

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)

Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@pytest.fixture
async def engine(empty_database: str) -> AsyncIterator[AsyncEngine]:
    engine = Bus(service="repair", database_url=empty_database, bootstrap_servers="").engine
    yield engine
    await engine.dispose()


def on_database(engine: AsyncEngine) -> Begin:
    @asynccontextmanager
    async def begin() -> AsyncIterator[UnitOfWork]:
        async with engine.begin() as connection:
            yield SqlUnitOfWork(Transaction(connection))

    return begin


@pytest.fixture(params=["memory", "database"])
def begin(request: pytest.FixtureRequest) -> Begin:
    if request.param == "database":
        return on_database(request.getfixturevalue("engine"))
    tx = MemoryUnitOfWork()

    @asynccontextmanager
    async def begin() -> AsyncIterator[UnitOfWork]:
        yield tx

    return begin


async def test_what_is_stored_is_read_back_as_it_stands(begin: Begin, law: Law) -> None:
    """The rules decide on what the store gives back: to the millisecond and the day."""
    facts = [penalty("P-1", MARCH), serious("S-1", MARCH), penalty("P-2", MARCH, uscc=OTHER_FIRM)]
    beside = supersession(MAY, annulment(APRIL).order_id, "lists|gone")
    async with begin() as tx:
        await use_cases.record_facts([*facts, annulment(APRIL), beside], tx, law)

    async with begin() as tx:
        standings = await tx.records.lock([FIRM], [])
        orders = await tx.orders.of([FIRM], [])

    assert [standing.record_id for standing in standings] == ["lists|S-1", "penalties|P-1"]
    assert [standing.stop is None for standing in standings] == [True, False]
    assert standings[1].occurred_at_ms == facts[0].occurred_at_ms
    assert sorted(orders, key=lambda order: order.key) == [annulment(APRIL), beside]


async def test_records_and_orders_meet_across_transactions(begin: Begin, law: Law) -> None:
    """An order stored yesterday stops a record that comes today, and the other way round."""
    async with begin() as tx:
        await use_cases.record_facts([annulment(APRIL), listing("L-1", MARCH)], tx, law)

    async with begin() as tx:
        await use_cases.record_facts([penalty("P-1", MARCH), removal(MAY, "L-1")], tx, law)

    async with begin() as tx:
        stops = {standing.record_id: standing.stop for standing in await tx.records.lock([FIRM], [])}
    assert {key: stop and stop.on for key, stop in stops.items()} == {
        "lists|L-1": MAY,
        "penalties|P-1": APRIL,
    }


async def test_records_and_orders_of_two_codes_meet_across_transactions(begin: Begin, law: Law) -> None:
    """A firm re-coded in between is one firm: what names a record finds it, whichever comes first."""
    async with begin() as tx:
        await use_cases.record_facts(
            [annulment(APRIL, "P-1", uscc=OTHER_FIRM), penalty("P-2", MARCH)], tx, law
        )

    async with begin() as tx:
        await use_cases.record_facts([penalty("P-1", MARCH), annulment(MAY, "P-2", uscc=OTHER_FIRM)], tx, law)

    async with begin() as tx:
        stops = {standing.record_id: standing.stop for standing in await tx.records.lock([FIRM], [])}
    assert {key: stop and stop.on for key, stop in stops.items()} == {
        "penalties|P-1": APRIL,
        "penalties|P-2": MAY,
    }


async def test_the_daily_run_takes_what_is_due_in_portions(begin: Begin, law: Law) -> None:
    """A run over years of backlog must not become one huge transaction."""
    low = [penalty(f"P-{n}", MARCH, fine_fen=WAN_FEN, grade=LIGHT) for n in range(5)]
    open_still = [penalty("W", MARCH, WARNING), listing("L", MARCH), serious("S", MARCH)]
    async with begin() as tx:
        await use_cases.record_facts([*low, *open_still], tx, law)

    counts = []
    for _ in range(3):
        async with begin() as tx:
            run = await use_cases.stop_expired(date(2026, 6, 1), tx, limit=3, recorded_at_ms=7)
            counts.append(run.stopped)

    assert counts == [3, 2, 0]
    async with begin() as tx:
        stopped = [standing.stop for standing in await tx.records.lock([FIRM], []) if standing.stop]
    assert {(stop.on, stop.recorded_at_ms) for stop in stopped} == {(date(2026, 6, 1), 7)}


async def test_a_newer_description_replaces_an_older_one_only(engine: AsyncEngine) -> None:
    """Events of one entity may be replayed from any point."""
    begin = on_database(engine)
    for version, area in ((2, "510107"), (1, "510104"), (3, "510105")):
        async with begin() as tx:
            said = Description(uscc=FIRM, version=version, area_code=area)
            await use_cases.describe_entities([said], tx)

    assert await EntityTrail(engine).area_of(FIRM) == "510105"
    assert await EntityTrail(engine).area_of(STALL) is None


async def test_a_description_that_says_nothing_new_writes_nothing(engine: AsyncEngine) -> None:
    """A fifth of all facts lead to a description, and few of those change the name or the area."""
    begin = on_database(engine)
    place = text("select ctid::text, xmax::text from entity")
    places = []
    for version, name in ((1, "甲店"), (2, "甲店"), (3, "乙店")):
        async with begin() as tx:
            await use_cases.describe_entities([Description(uscc=FIRM, version=version, name=name)], tx)
        async with engine.connect() as connection:
            places.append((await connection.execute(place)).one())

    assert places[0] == places[1]
    assert places[1] != places[2]


async def test_every_column_of_a_record_is_stored_as_it_was_ruled(engine: AsyncEngine, law: Law) -> None:
    """Rows are loaded in a binary stream: a column out of place would go unnoticed."""
    begin = on_database(engine)
    fine = penalty(
        "P-1",
        MARCH,
        WARNING,
        published_on=APRIL,
        authority="510104",
        fine_fen=6 * WAN_FEN,
        confiscated_fen=7,
        key_field=FOOD,
        violation="false_label",
        restriction_until=MAY,
    )
    async with begin() as tx:
        await use_cases.record_facts([fine, listing("L-1", MARCH), annulment(MAY)], tx, law)

    row = await Reads(engine).get("penalties|P-1")
    entry = await Reads(engine).get("lists|L-1")

    assert (row.kind, row.tier, row.authority, row.violation) == (
        "penalty",
        "serious",
        "510104",
        "false_label",
    )
    assert (row.fine_fen, row.confiscated_fen, row.penalty_kinds) == (6 * WAN_FEN, 7, ["warning"])
    assert (row.grade, row.key_field, row.restriction_until) == (fine.grade, "food", MAY)
    assert (row.decided_on, row.published_on, row.stops_on) == (MARCH, APRIL, date(2029, 4, 1))
    assert (row.apply_from, row.conditions[0], row.notice_id) == (date(2027, 4, 1), "duties_done", None)
    assert (row.stop_reason, row.stopped_on, row.stop_cause) == ("annulled", MAY, "orders|annul-P-1")
    assert row.stop_recorded_at == datetime.fromtimestamp(at(MAY, hour=5) / 1000, UTC)
    assert (entry.reason, entry.notice_id, entry.stop_reason) == (
        "annual_report_missed",
        "lists|L-1|notice-1",
        None,
    )


async def test_a_thousand_facts_take_as_many_statements_as_ten(engine: AsyncEngine, law: Law) -> None:
    """Never a query per event."""
    begin = on_database(engine)
    statements: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    counts = []
    for size, prefix in ((10, "a"), (1000, "b")):
        statements.clear()
        firms = [synthesise("9", "1", "510104", size * 10 + n) for n in range(size // 2)]
        opened = [penalty(f"{prefix}{n}", MARCH, uscc=firm) for n, firm in enumerate(firms)]
        stopped = [annulment(APRIL, f"{prefix}{n}", uscc=firm) for n, firm in enumerate(firms)]
        async with begin() as tx:
            await use_cases.record_facts(opened, tx, law)
        async with begin() as tx:
            await use_cases.record_facts(stopped, tx, law)
        counts.append(len(statements))

    assert counts == [9, 9]


async def test_people_find_records_by_area_kind_and_state(engine: AsyncEngine, law: Law) -> None:
    """A record has no area of its own: it is its entity's, and unknown until that is described."""
    begin = on_database(engine)
    async with begin() as tx:
        facts = [penalty("P-1", MARCH), listing("L-1", APRIL), penalty("P-2", MAY, uscc=OTHER_FIRM)]
        await use_cases.record_facts([*facts, annulment(APRIL)], tx, law)
        await use_cases.describe_entities([Description(uscc=FIRM, version=1, area_code="510104")], tx)
    reads = Reads(engine)

    in_area = await reads.page(RecordFilter(area="510104"), after=None, limit=10)
    stopped = await reads.page(RecordFilter(kind="penalty", state="stopped"), after=None, limit=10)
    second_page = await reads.page(RecordFilter(), after=(MAY, "penalties|P-2"), limit=1)

    assert [row.record_id for row in in_area] == ["lists|L-1", "penalties|P-1"]
    assert [row.record_id for row in stopped] == ["penalties|P-1"]
    assert [row.record_id for row in second_page] == ["lists|L-1"]


async def test_figures_and_trail_tell_what_happened(engine: AsyncEngine, law: Law) -> None:
    """Figures add up to the records; the trail is in the order things became known."""
    begin = on_database(engine)
    async with begin() as tx:
        await use_cases.record_facts([penalty("P-1", MARCH), listing("L-1", MARCH)], tx, law)
        await use_cases.record_facts([cancellation(MAY)], tx, law)

    figures = await Reads(engine).statistics(None)
    trail = await EntityTrail(engine).entries(FIRM)

    assert sum(row.records for row in figures) == 2
    told = [(entry.kind, entry.what, entry.says) for entry in trail]
    assert [kind for kind, _, _ in told] == [
        "record_opened",
        "record_opened",
        "repair_notice_due",
        "repair_notice_due",
        "record_stopped",
        "record_stopped",
        "stop_ordered",
    ]
    assert told[-1] == (
        "stop_ordered",
        "",
        {"order_id": f"orders|cancel-{FIRM}", "stop_reason": "cancelled_entity", "ordered_on": "2026-05-01"},
    )
    of_penalty = {kind: says for kind, what, says in told if what == "penalty"}
    assert of_penalty["repair_notice_due"] == {"record_id": "penalties|P-1", "document_number": "No. P-1"}
    assert of_penalty["record_opened"] == {
        "record_id": "penalties|P-1",
        "tier": "general",
        "citation": "《市场监督管理信用修复管理办法》（国家市场监督管理总局令第107号）第九条",
        "apply_from": "2026-06-01",
        "stops_on": "2027-03-01",
    }
    assert of_penalty["record_stopped"] == {
        "record_id": "penalties|P-1",
        "stop_reason": "cancelled_entity",
        "stopped_on": "2026-05-01",
        "citation": "《市场监督管理信用修复管理办法》（国家市场监督管理总局令第107号）第二十条",
    }


async def test_a_record_that_is_not_there_is_said_so(engine: AsyncEngine) -> None:
    """The edge turns it into 404."""
    with pytest.raises(UnknownRecord):
        await Reads(engine).get("penalties|nowhere")


async def test_the_books_hold_a_key_for_each_record_notice_and_stop(engine: AsyncEngine, law: Law) -> None:
    """The audit compares them with ingestion, notification and profiling."""
    begin = on_database(engine)
    async with begin() as tx:
        await use_cases.record_facts(
            [
                penalty("P-1"),
                penalty("P-2", MARCH, WARNING),
                annulment(APRIL),
                supersession(MAY, "penalties|P-2", "penalties|P-0"),
            ],
            tx,
            law,
        )
    books = SqlBooks(engine, BOOKS)

    rows = {name: sum(digest.rows for digest in await books.digests(name)) for name in books.names()}

    assert rows == {
        "records": 2,
        "notices_due": 0,
        "stops": 1,
        "stop_notices_due": 1,
        "stop_orders": 1,
        "described": 0,
    }


async def test_a_letter_about_a_stop_is_due_as_the_stop_was_told(engine: AsyncEngine, law: Law) -> None:
    """Restated, a stop is not told again: the audit would miss a letter, or find one too many."""
    begin = on_database(engine)
    low = penalty("expired", MARCH, fine_fen=WAN_FEN, grade=LIGHT)
    silent = penalty("silent", MARCH, uscc=OTHER_FIRM)
    batches: list[list[Fact]] = [
        [silent, penalty("told", MARCH), low, penalty("warning", MARCH, WARNING)],
        [cancellation(MAY, uscc=OTHER_FIRM), annulment(APRIL, "told"), annulment(APRIL, "warning")],
        [annulment(APRIL, "silent", uscc=OTHER_FIRM), _earlier(annulment(MARCH, "told"))],
    ]

    for batch in batches:
        async with begin() as tx:
            await use_cases.record_facts(batch, tx, law)
            await use_cases.stop_expired(date(2026, 6, 1), tx, limit=9, recorded_at_ms=7)

    async with engine.connect() as connection:
        due = (await connection.execute(text(BOOKS["stop_notices_due"]))).scalars().all()
    assert set(due) == {"penalties|told|stop-1", "penalties|expired|stop-1"}


def _earlier(order: StopOrder) -> StopOrder:
    return replace(order, order_id=f"{order.order_id}-earlier")


async def test_the_tables_are_those_the_migration_made(engine: AsyncEngine) -> None:
    """Two descriptions of one schema drift apart unless compared."""
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda sync: {
                name: {column["name"]: column["nullable"] for column in inspect(sync).get_columns(name)}
                for name in metadata.tables
            }
        )

    assert found == {
        name: {column.name: bool(column.nullable) for column in table.columns}
        for name, table in metadata.tables.items()
    }


async def test_the_run_reads_only_what_is_due(engine: AsyncEngine, law: Law) -> None:
    """Most records of a city are stopped or far from their end: the index holds the open ones by their day."""
    begin = on_database(engine)
    async with begin() as tx:
        many = [penalty(f"P-{n}", MARCH + timedelta(days=n % 300)) for n in range(500)]
        await use_cases.record_facts(many, tx, law)

    async with engine.connect() as connection:
        await connection.execute(text("set enable_seqscan = off"))
        plan = await connection.execute(
            text("explain select 1 from record where stop_reason is null and stops_on <= date '2026-01-01'")
        )

    assert "record_ending" in "".join(row[0] for row in plan)
