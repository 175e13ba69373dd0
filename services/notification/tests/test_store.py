"""The fake and PostgreSQL pass one suite; what only PostgreSQL can show follows."""

import asyncio
from typing import Any

import pytest
from notification_service import tables
from notification_service.errors import PlatformExists, UnknownClue, UnknownPlatform, UnsafeAddress
from notification_service.model import Answer, Attempt, ClueAction, NoticeDelivered, NoticeFailed
from notification_service.model.views import NoticeQuery
from notification_service.store import BOOKS, EntityTrail, Reads
from notification_service.use_cases import events, letters, platforms
from sqlalchemy import event, inspect, text
from store_steps import ONCE, claim, clue_of, heed, plan, subscribe


async def test_only_whoever_has_work_is_woken(store: Any, packs: Any, make: Any) -> None:
    """A fifth of all facts describes an entity: nobody needs to look for work then."""
    await subscribe(store, make)
    await heed(store, packs, make, make.contact())
    described = list(store.wakes)

    await heed(store, packs, make, make.repair_notice())
    await heed(store, packs, make, make.signal())

    assert described == []
    assert store.wakes == ["letters", "webhooks"]


async def test_secrets_overlap_after_a_rotation(store: Any, packs: Any, make: Any, later: Any) -> None:
    """The receiver changes its secret when it can; until then both must verify."""
    delivery = await clue_of(store, packs, make)

    async with store.open() as tx:
        await platforms.rotate_secret("haoshi", "whsec_bmV3", tx)

    async with store.open() as tx:
        (again,) = await tx.clues.claim_deliveries(5, later(60), later(90))
    assert (again.secrets.current, again.secrets.former) == ("whsec_bmV3", delivery.secrets.current)


async def test_faults_of_subscriptions_have_names(store: Any, make: Any) -> None:
    """Each becomes its own problem at the edge."""
    await subscribe(store, make)

    async with store.open() as tx:
        with pytest.raises(PlatformExists):
            await platforms.subscribe_platform(
                make.platform(), make.secret, tx, make.now, private_allowed=False
            )
        with pytest.raises(UnsafeAddress):
            await platforms.subscribe_platform(
                make.platform("b2", url="http://127.0.0.1/"), make.secret, tx, make.now, private_allowed=False
            )
        with pytest.raises(UnknownPlatform):
            await platforms.add_operators("none", [make.uscc], tx)
        with pytest.raises(UnknownClue):
            await platforms.send_clue_again("cnone", tx, make.now)


async def test_a_block_that_raises_leaves_nothing_behind(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """The fake must roll back too, or tests on it would prove nothing."""

    async def plan_and_fail() -> None:
        async with store.open() as tx:
            await events.heed([make.repair_notice()], tx, packs.guidance, make.now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await plan_and_fail()

    assert await claim(store, make.now, later(60)) == []


async def test_events_say_what_came_of_letters(memory: Any, packs: Any, make: Any, later: Any) -> None:
    """Other services count deliveries and failures by these."""
    await plan(memory, packs, make, "R-1", "R-2")
    written, _ = letters.render_letters(await claim(memory, make.now, later(60)), packs.renderer)

    async with memory.open() as tx:
        attempts = [Attempt(written[0]), Attempt(written[1], "no")]
        await letters.record_attempts(attempts, tx, ONCE, make.now, lambda: 0.0)

    delivered, failed = memory.memory.events
    assert delivered == NoticeDelivered(
        written[0].notice_id, make.uscc, "repair_notice@2", "outbox_folder", make.now
    )
    assert failed == NoticeFailed(written[1].notice_id, make.uscc, "outbox_folder", "no", 1)


async def test_two_workers_share_the_work(sql: Any, packs: Any, make: Any, later: Any) -> None:
    """SKIP LOCKED: the second takes other rows instead of waiting for the first."""
    await plan(sql, packs, make, *(f"R-{number}" for number in range(20)))

    async with sql.open() as first, sql.open() as second:
        one = await first.notices.claim(10, make.now, later(60))
        other = await asyncio.wait_for(second.notices.claim(10, make.now, later(60)), 5)

    assert len({notice.notice.notice_id for notice in [*one, *other]}) == 20


async def test_a_whole_batch_of_news_plans_its_notices_at_once(sql: Any, packs: Any, make: Any) -> None:
    """Statements cost more than rows: a batch mixes every kind of news, and one statement plans its letters."""
    statements: list[str] = []
    event.listen(
        sql.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    news = [
        make.repair_notice(),
        make.contact(),
        make.stop(),
        make.signal(family="annual_report_due"),
        make.repair_notice("R-2"),
    ]

    await heed(sql, packs, make, *news)

    assert sum("insert into notice " in statement for statement in statements) == 1
    assert sum(count.count for count in await Reads(sql.engine).counts(None)) == 4


async def test_the_tables_are_those_of_the_migrations(sql: Any) -> None:
    """Queries name columns by `tables.py`; the database is made by the migrations."""

    def columns(connection: Any) -> dict[str, set[str]]:
        found = inspect(connection)
        return {
            name: {column["name"] for column in found.get_columns(name)} for name in tables.metadata.tables
        }

    async with sql.engine.connect() as connection:
        real = await connection.run_sync(columns)

    assert real == {
        name: {column.name for column in table.columns} for name, table in tables.metadata.tables.items()
    }


BALANCED = [
    ("reminders_due", "reminders"),
    ("notices", "notices_in_hand"),
    ("signals_passed_on", "signals_of_clues"),
    ("clues_pushed", "clues_of_webhooks"),
    ("webhooks_tried", "webhooks_of_attempts"),
    ("webhooks_delivered", "webhooks_accepted"),
]


async def test_books_and_trail_tell_what_is_there(sql: Any, packs: Any, make: Any, later: Any) -> None:
    """The audit compares keys with profiling and repair; `follow` shows the entity's way."""
    async with sql.open() as tx:
        await events.heed([make.contact(version=7)], tx, packs.guidance, make.now)
    delivery = await clue_of(sql, packs, make)
    await plan(sql, packs, make, "R-1")
    async with sql.open() as tx:
        await events.heed([make.stop()], tx, packs.guidance, make.now)
        answer = Answer(delivery.clue.clue_id, "haoshi", ClueAction.WARNED, "ok", make.now)
        await platforms.answer_clue(answer, tx)

    books = {}
    async with sql.engine.connect() as connection:
        for name, query in BOOKS.items():
            books[name] = list((await connection.execute(text(query))).scalars())
    trail = EntityTrail(sql.engine)

    told = {name: books[name] for name in ("addressed", "repair_notices", "stop_notices", "signals")}
    assert told == {
        "addressed": [f"{make.uscc}|false|510104|{make.contact().name}"],
        "repair_notices": ["R-1"],
        "stop_notices": ["S-1"],
        "signals": ["G-1"],
    }
    for left, right in BALANCED:
        assert sorted(books[left]) == sorted(books[right])
    assert await trail.area_of(make.uscc) == "510104"
    notices = {
        view.template: view.notice_id for view in await Reads(sql.engine).notices(NoticeQuery(limit=5))
    }
    day = "2026-03-02"
    clue = {"clue_id": delivery.clue.clue_id, "platform": "haoshi"}
    assert [(entry.kind, entry.what, entry.says) for entry in await trail.entries(make.uscc)] == [
        ("notice_planned", "repair_notice", {"notice_id": notices["repair_notice"], "issued_on": day}),
        (
            "notice_planned",
            "publicity_stopped",
            {"notice_id": notices["publicity_stopped"], "issued_on": day},
        ),
        ("clue_created", "complaints_rising", clue | {"due_on": "2026-03-05"}),
        ("clue_answered", "complaints_rising", clue | {"action": "warned", "remark": "ok"}),
        ("signal", "complaints_rising", {"signal_id": "G-1", "raised_on": day}),
    ]


async def test_the_trail_of_a_letter_that_failed_says_how_often_it_was_tried(
    sql: Any, packs: Any, make: Any, later: Any
) -> None:
    """The error of a channel is a sentence for who keeps the service; the entity's page needs none."""
    await plan(sql, packs, make, "R-1")
    written, _ = letters.render_letters(await claim(sql, make.now, later(60)), packs.renderer)
    async with sql.open() as tx:
        await letters.record_attempts([Attempt(written[0], "no")], tx, ONCE, make.now, lambda: 0.0)

    last = (await EntityTrail(sql.engine).entries(make.uscc))[-1]

    assert (last.kind, last.what) == ("notice_failed", "repair_notice")
    assert last.says == {"notice_id": written[0].notice_id, "channel": "outbox_folder", "attempts": 1}


async def test_reads_narrow_by_each_condition(sql: Any, packs: Any, make: Any) -> None:
    """An officer of one area must see that area's notices and no other's."""
    async with sql.open() as tx:
        await events.heed([make.contact(), make.contact("U2", area="510107")], tx, packs.guidance, make.now)
        dues = [make.repair_notice("R-1"), make.repair_notice("R-2", uscc="U2")]
        await events.heed(dues, tx, packs.guidance, make.now)
    reads = Reads(sql.engine)

    found = [
        [view.origin_id for view in await reads.notices(query)]
        for query in (
            NoticeQuery(limit=5),
            NoticeQuery(limit=5, area="510107"),
            NoticeQuery(limit=5, uscc=make.uscc, state="planned", template="repair_notice"),
            NoticeQuery(limit=5, state="failed"),
        )
    ]

    assert found == [["R-2", "R-1"], ["R-2"], ["R-1"], []]
    assert [(count.group, count.count) for count in await reads.counts("510104")] == [("repair_notice", 1)]
    assert sum(count.count for count in await reads.counts(None)) == 2
