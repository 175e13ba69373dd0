"""The fake and PostgreSQL pass one suite; what only PostgreSQL can show follows."""

import asyncio
from datetime import date
from typing import Any

import pytest
from notification_service import tables
from notification_service.errors import (
    ClueAlreadyAnswered,
    ClueWithdrawn,
    NothingToRedeliver,
    NoticeNotFailed,
    PlatformExists,
    UnknownClue,
    UnknownNotice,
    UnknownPlatform,
    UnsafeAddress,
)
from notification_service.model import (
    Answer,
    Attempt,
    ClueAction,
    ClueState,
    DeliveryKind,
    NoticeDelivered,
    NoticeFailed,
    Outcome,
    PlatformState,
)
from notification_service.model.views import ClueQuery, NoticeQuery
from notification_service.rules.retries import RetrySchedule
from notification_service.store import BOOKS, EntityTrail, Reads
from notification_service.use_cases import events, letters, platforms
from notification_service.use_cases.webhooks import record_outcome
from sqlalchemy import event, inspect, text

ONCE = RetrySchedule((), 0.0)
TWICE = RetrySchedule((60.0,), 0.0)


async def plan(store: Any, packs: Any, make: Any, *numbers: str) -> None:
    async with store.open() as tx:
        dues = [make.repair_notice(number) for number in numbers]
        await events.heed(dues, tx, packs.guidance, make.now)


async def claim(store: Any, at: Any, until: Any, limit: int = 10) -> Any:
    async with store.open() as tx:
        return await tx.notices.claim(limit, at, until)


async def subscribe(store: Any, make: Any, *, url: str | None = "http://93.184.216.34/hooks") -> None:
    async with store.open() as tx:
        await platforms.subscribe_platform(
            make.platform(url=url), make.secret, tx, make.now, private_allowed=False
        )


async def heed(store: Any, packs: Any, make: Any, *signals: Any) -> None:
    async with store.open() as tx:
        await events.heed(signals, tx, packs.guidance, make.now)


async def clue_of(store: Any, packs: Any, make: Any) -> Any:
    """A platform is subscribed and has one clue, its webhook claimed."""
    await subscribe(store, make)
    await heed(store, packs, make, make.signal())
    async with store.open() as tx:
        (delivery,) = await tx.clues.claim_deliveries(5, make.now, make.now)
    return delivery


def outcome(delivery: Any, make: Any, status: int | None) -> Outcome:
    return Outcome(delivery, status, "" if status == 200 else f"answered {status}", make.now, 3)


async def test_a_notice_planned_twice_is_one(store: Any, packs: Any, make: Any, later: Any) -> None:
    """Kafka may bring an event again after a crash, in the same batch or another."""
    await plan(store, packs, make, "R-1", "R-1", "R-2")
    await plan(store, packs, make, "R-2", "R-1")

    claimed = await claim(store, make.now, later(60))

    assert sorted(notice.notice.origin_id for notice in claimed) == ["R-1", "R-2"]


async def test_a_claimed_notice_is_left_alone_until_its_lease_ends(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """Two workers must not write one letter at once; a worker that died must not keep it."""
    await plan(store, packs, make, "R-1")
    await claim(store, make.now, later(60))

    assert await claim(store, later(59), later(120)) == []
    (again,) = await claim(store, later(60), later(120))
    assert again.attempts == 2


async def test_the_newest_description_addresses_the_letter(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """Old news must not undo a change of name."""
    async with store.open() as tx:
        await events.heed(
            [make.contact(name="新名", version=3), make.contact(version=2)], tx, packs.guidance, make.now
        )
    async with store.open() as tx:
        await events.heed([make.contact(name="旧名", version=1)], tx, packs.guidance, make.now)
    await plan(store, packs, make, "R-1")

    (claimed,) = await claim(store, make.now, later(60))

    assert (claimed.name, claimed.area) == ("新名", "510104")


async def test_a_letter_is_counted_once_however_often_it_is_recorded(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """A worker whose lease ran out may record a letter that another has recorded before."""
    await plan(store, packs, make, "R-1")
    claimed = await claim(store, make.now, later(60))
    written, _ = letters.render_letters(claimed, packs.renderer)
    counted = []

    for _ in range(2):
        async with store.open() as tx:
            counted.append(
                await letters.record_attempts(
                    [Attempt(letter) for letter in written], tx, ONCE, make.now, lambda: 0.0
                )
            )

    assert counted == [1, 0]


async def test_a_letter_the_channel_refuses_is_tried_again_then_given_up(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """A full disk is not the end of a notice, and not an endless loop either."""
    await plan(store, packs, make, "R-1")

    for start in (make.now, later(60)):
        written, _ = letters.render_letters(await claim(store, start, later(600)), packs.renderer)
        async with store.open() as tx:
            refused = [Attempt(letter, "disk full") for letter in written]
            await letters.record_attempts(refused, tx, TWICE, start, lambda: 0.0)

    assert await claim(store, later(10_000), later(20_000)) == []
    async with store.open() as tx:
        assert await tx.notices.state_of(written[0].notice_id) == "failed"


async def test_a_failed_notice_can_be_sent_again_and_no_other(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """Staff mend the folder and press once; a letter that went out must not go twice."""
    await plan(store, packs, make, "R-1")
    written, _ = letters.render_letters(await claim(store, make.now, later(60)), packs.renderer)
    notice_id = written[0].notice_id

    async with store.open() as tx:
        with pytest.raises(NoticeNotFailed):
            await letters.send_notice_again(notice_id, tx, make.now)
        with pytest.raises(UnknownNotice):
            await letters.send_notice_again("n-none", tx, make.now)
    async with store.open() as tx:
        await letters.record_attempts([Attempt(written[0], "x")], tx, ONCE, make.now, lambda: 0.0)
    async with store.open() as tx:
        await letters.send_notice_again(notice_id, tx, later(5))

    (again,) = await claim(store, later(5), later(60))
    assert again.attempts == 1


async def test_a_signal_becomes_one_clue_per_platform(store: Any, packs: Any, make: Any, later: Any) -> None:
    """A signal that arrives twice must not become two clues, nor two webhooks."""
    await subscribe(store, make)

    await heed(store, packs, make, make.signal(), make.signal(), make.signal("G-2", family="unheard_of"))
    await heed(store, packs, make, make.signal())

    async with store.open() as tx:
        (delivery,) = await tx.clues.claim_deliveries(5, make.now, later(60))
    assert delivery.clue.uscc == make.uscc
    assert delivery.secrets.current == make.secret
    assert delivery.attempt == 1


async def test_named_operators_bring_clues_though_the_register_knows_no_platform(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """Platforms report their operators every half year; registrations rarely name platforms."""
    await subscribe(store, make)
    async with store.open() as tx:
        added = [await platforms.add_operators("haoshi", [make.uscc, make.uscc], tx) for _ in range(2)]

    await heed(store, packs, make, make.signal(platforms=()))

    assert added == [1, 0]
    async with store.open() as tx:
        assert len(await tx.clues.claim_deliveries(5, make.now, later(60))) == 1


async def test_an_annual_report_signal_reminds_the_entity(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """One reminder per signal, and no clue."""
    await subscribe(store, make)

    await heed(store, packs, make, make.signal(family="annual_report_due"))
    await heed(store, packs, make, make.signal(family="annual_report_due"))

    (claimed,) = await claim(store, make.now, later(60))
    assert claimed.notice.template == "annual_report_reminder"
    async with store.open() as tx:
        assert await tx.clues.claim_deliveries(5, make.now, later(60)) == []


async def test_a_platform_without_address_only_pulls(store: Any, packs: Any, make: Any, later: Any) -> None:
    """Its clues exist and can be answered; there is no webhook to send, not even by hand."""
    await subscribe(store, make, url=None)
    await heed(store, packs, make, make.signal())

    async with store.open() as tx:
        assert await tx.clues.claim_deliveries(5, make.now, later(60)) == []
        clue_id = (await clue_ids(store))[0]
        with pytest.raises(NothingToRedeliver):
            await platforms.send_clue_again(clue_id, tx, make.now)


async def clue_ids(store: Any) -> list[str]:
    if hasattr(store, "memory"):
        return list(store.memory.clues)
    async with store.engine.connect() as connection:
        return list((await connection.execute(text("select clue_id from clue order by position"))).scalars())


async def test_a_webhook_is_tried_until_it_arrives(store: Any, packs: Any, make: Any, later: Any) -> None:
    """Two failures, then success: one clue delivered, its webhook never due again."""
    delivery = await clue_of(store, packs, make)
    async with store.open() as tx:
        await record_outcome(outcome(delivery, make, 500), tx, TWICE, lambda: 0.0)
    async with store.open() as tx:
        assert await tx.clues.claim_deliveries(5, later(59), later(90)) == []
        (second,) = await tx.clues.claim_deliveries(5, later(60), later(90))

    async with store.open() as tx:
        await record_outcome(outcome(second, make, 200), tx, TWICE, lambda: 0.0)

    async with store.open() as tx:
        clue = await tx.clues.lock(delivery.clue.clue_id)
        assert clue.state is ClueState.DELIVERED
        assert await tx.clues.claim_deliveries(5, later(10_000), later(10_001)) == []


async def test_a_webhook_given_up_can_be_sent_again_by_hand(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """The platform was down for a day; the officer sends it again, attempts counted anew."""
    delivery = await clue_of(store, packs, make)
    async with store.open() as tx:
        await record_outcome(outcome(delivery, make, None), tx, ONCE, lambda: 0.0)
        assert await tx.clues.claim_deliveries(5, later(10_000), later(10_001)) == []

    async with store.open() as tx:
        await platforms.send_clue_again(delivery.clue.clue_id, tx, later(20_000))

    async with store.open() as tx:
        (again,) = await tx.clues.claim_deliveries(5, later(20_000), later(20_001))
    assert again.attempt == 1
    assert again.delivery_id == delivery.delivery_id


async def test_gone_ends_the_subscription_until_it_is_changed(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """410 means: send nothing more; clues go on for pulling, and a new address starts pushing again."""
    delivery = await clue_of(store, packs, make)
    await heed(store, packs, make, make.signal("G-2"))

    async with store.open() as tx:
        await record_outcome(outcome(delivery, make, 410), tx, TWICE, lambda: 0.0)

    async with store.open() as tx:
        assert (await tx.platforms.find("haoshi")).state is PlatformState.DISABLED
        assert await tx.clues.claim_deliveries(5, later(10_000), later(10_001)) == []
    await heed(store, packs, make, make.signal("G-3"))
    async with store.open() as tx:
        await platforms.change_platform(make.platform(), tx, private_allowed=False)
    await heed(store, packs, make, make.signal("G-4"))
    async with store.open() as tx:
        (fresh,) = await tx.clues.claim_deliveries(5, later(10_000), later(10_001))
    assert fresh.clue.signal_id == "G-4"


async def test_a_late_verdict_does_not_undo_a_delivery(store: Any, packs: Any, make: Any, later: Any) -> None:
    """A slow attempt whose lease ran out reports failure after another attempt arrived."""
    first = await clue_of(store, packs, make)
    async with store.open() as tx:
        (second,) = await tx.clues.claim_deliveries(5, later(60), later(90))
        await record_outcome(outcome(second, make, 200), tx, TWICE, lambda: 0.0)

    async with store.open() as tx:
        await record_outcome(outcome(first, make, None), tx, TWICE, lambda: 0.0)

    async with store.open() as tx:
        assert (await tx.clues.lock(first.clue.clue_id)).state is ClueState.DELIVERED
        assert await tx.clues.claim_deliveries(5, later(10_000), later(10_001)) == []


async def test_a_clue_not_answered_by_its_day_is_overdue_and_can_still_be_answered(
    store: Any, packs: Any, make: Any
) -> None:
    """Late is worse than in time and better than never."""
    delivery = await clue_of(store, packs, make)
    due = delivery.clue.due_on

    async with store.open() as tx:
        marked = [
            await platforms.close_day(day, tx)
            for day in (due, date.fromordinal(due.toordinal() + 1), date(2027, 1, 1))
        ]
        answer = Answer(delivery.clue.clue_id, "haoshi", ClueAction.RECTIFIED, "整改完成", make.now)
        clue = await platforms.answer_clue(answer, tx)

    assert marked == [0, 1, 0]
    assert clue.state is ClueState.ANSWERED


async def test_an_answer_is_kept_once_and_only_from_its_platform(store: Any, packs: Any, make: Any) -> None:
    """A platform must neither read nor close another's clue."""
    delivery = await clue_of(store, packs, make)
    clue_id = delivery.clue.clue_id
    answer = Answer(clue_id, "haoshi", ClueAction.WARNED, "已警示", make.now)

    async with store.open() as tx:
        await platforms.answer_clue(answer, tx)
    async with store.open() as tx:
        await platforms.answer_clue(answer, tx)
    async with store.open() as tx:
        with pytest.raises(UnknownClue):
            await platforms.answer_clue(Answer(clue_id, "other", ClueAction.WARNED, "", make.now), tx)
    async with store.open() as tx:
        with pytest.raises(ClueAlreadyAnswered):
            await platforms.answer_clue(Answer(clue_id, "haoshi", ClueAction.DELISTED, "", make.now), tx)

    published = store.memory.events if hasattr(store, "memory") else store.published
    assert len(published) == 1


async def test_a_clue_whose_cause_is_over_is_withdrawn_before_it_is_sent(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """The penalty was annulled: the platform must not act on it, and need not hear of it at all."""
    await subscribe(store, make)
    await heed(store, packs, make, make.signal())

    await heed(store, packs, make, make.signal_end())

    async with store.open() as tx:
        (clue_id,) = await clue_ids(store)
        assert (await tx.clues.lock(clue_id)).state is ClueState.WITHDRAWN
        assert await tx.clues.claim_deliveries(5, later(10_000), later(10_001)) == []
        with pytest.raises(ClueWithdrawn):
            await platforms.send_clue_again(clue_id, tx, make.now)


@pytest.mark.parametrize("status", [200, None])
async def test_a_platform_that_may_know_of_a_clue_is_told_that_it_is_withdrawn(
    store: Any, packs: Any, make: Any, later: Any, status: int | None
) -> None:
    """Also when no answer came: the clue may have arrived all the same. Told twice, it is withdrawn once."""
    delivery = await clue_of(store, packs, make)
    async with store.open() as tx:
        await record_outcome(outcome(delivery, make, status), tx, TWICE, lambda: 0.0)

    for _ in range(2):
        await heed(store, packs, make, make.signal_end())

    async with store.open() as tx:
        (told,) = await tx.clues.claim_deliveries(5, later(10_000), later(20_000))
        await record_outcome(outcome(told, make, 200), tx, TWICE, lambda: 0.0)
    async with store.open() as tx:
        clue = await tx.clues.lock(delivery.clue.clue_id)
        assert await tx.clues.claim_deliveries(5, later(20_000), later(20_001)) == []
    assert (told.kind, told.clue.clue_id) == (DeliveryKind.WITHDRAWN, delivery.clue.clue_id)
    assert told.delivery_id != delivery.delivery_id
    assert clue.state is ClueState.WITHDRAWN


async def test_a_withdrawal_waits_for_a_claim_that_is_being_committed(
    sql: Any, packs: Any, make: Any, later: Any
) -> None:
    """The worker is about to send the clue: the platform must hear of its end, whoever commits first."""
    await subscribe(sql, make)
    await heed(sql, packs, make, make.signal())

    async with sql.open() as tx:
        (claimed,) = await tx.clues.claim_deliveries(5, make.now, later(30))
        ending = asyncio.create_task(heed(sql, packs, make, make.signal_end()))
        ended, _ = await asyncio.wait({ending}, timeout=0.3)
    await ending

    async with sql.open() as tx:
        (told,) = await tx.clues.claim_deliveries(5, later(10_000), later(20_000))
    assert not ended
    assert (told.kind, told.clue.clue_id) == (DeliveryKind.WITHDRAWN, claimed.clue.clue_id)


async def test_an_answered_clue_stays_answered(store: Any, packs: Any, make: Any) -> None:
    """What the platform did is a fact, whatever becomes of the penalty."""
    delivery = await clue_of(store, packs, make)
    answer = Answer(delivery.clue.clue_id, "haoshi", ClueAction.WARNED, "已警示", make.now)
    async with store.open() as tx:
        await platforms.answer_clue(answer, tx)

    await heed(store, packs, make, make.signal_end())

    async with store.open() as tx:
        assert (await tx.clues.lock(delivery.clue.clue_id)).state is ClueState.ANSWERED


async def test_a_signal_that_ended_before_it_came_makes_no_clue(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """Profiling writes the end from another lane when a person clears it: order is not promised between lanes."""
    await subscribe(store, make)

    await heed(store, packs, make, make.signal_end())
    await heed(store, packs, make, make.signal())

    assert await clue_ids(store) == []


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


# -- what only PostgreSQL can show ---------------------------------------------------------------------------


async def test_two_workers_share_the_work(sql: Any, packs: Any, make: Any, later: Any) -> None:
    """SKIP LOCKED: the second takes other rows instead of waiting for the first."""
    await plan(sql, packs, make, *(f"R-{number}" for number in range(20)))

    async with sql.open() as first, sql.open() as second:
        one = await first.notices.claim(10, make.now, later(60))
        other = await asyncio.wait_for(second.notices.claim(10, make.now, later(60)), 5)

    assert len({notice.notice.notice_id for notice in [*one, *other]}) == 20


async def test_a_puller_misses_no_clue_that_commits_late(sql: Any, packs: Any, make: Any) -> None:
    """Positions follow the order of commits: the second transaction waits for the first to end."""
    await subscribe(sql, make)

    async with sql.open() as first:
        await events.heed([make.signal("G-1")], first, packs.guidance, make.now)
        second = asyncio.create_task(heed(sql, packs, make, make.signal("G-2")))
        done, _ = await asyncio.wait({second}, timeout=0.2)
        assert not done
    await second

    views = await Reads(sql.engine).clues(ClueQuery(limit=10))
    assert [view.signal_id for view in views] == ["G-1", "G-2"]


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


async def test_a_withdrawn_clue_is_pulled_again(sql: Any, packs: Any, make: Any) -> None:
    """A platform pulls what is new since its last position: that a clue is over is news too."""
    await subscribe(sql, make, url=None)
    await heed(sql, packs, make, make.signal())
    reads = Reads(sql.engine)
    (first,) = await reads.clues(ClueQuery(limit=5))

    await heed(sql, packs, make, make.signal_end())

    (again,) = await reads.clues(ClueQuery(limit=5, after=first.position))
    assert (again.clue_id, again.state, again.withdrawn_at) == (first.clue_id, "withdrawn", make.now)


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
    assert {entry.kind for entry in await trail.entries(make.uscc)} == {
        "signal",
        "clue_created",
        "clue_answered",
        "notice_planned",
    }


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
