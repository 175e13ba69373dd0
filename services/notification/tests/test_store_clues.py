"""Clues, webhooks and answers in the store, the fake and the real one alike."""

import asyncio
from datetime import date
from typing import Any

import pytest
from notification_service.errors import ClueAlreadyAnswered, ClueWithdrawn, NothingToRedeliver, UnknownClue
from notification_service.model import Answer, ClueAction, ClueState, DeliveryKind, Outcome, PlatformState
from notification_service.model.views import ClueQuery
from notification_service.store import BOOKS, Reads
from notification_service.use_cases import events, platforms
from notification_service.use_cases.webhooks import record_outcome
from sqlalchemy import text
from store_steps import ONCE, TWICE, clue_of, heed, subscribe


def outcome(delivery: Any, make: Any, status: int | None) -> Outcome:
    return Outcome(delivery, status, "" if status == 200 else f"answered {status}", make.now, 3)


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


async def test_a_clue_withdrawn_by_a_slip_is_told_anew_and_can_be_withdrawn_again(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """An officer cleared the warning of a shop and took that back: the platform must act after all, and hear of an end.

    Each message has a number of its own, else a platform takes it for one that it had.
    """
    first = await clue_of(store, packs, make)
    heard = [await delivered(store, make, first)]
    for news in (make.signal_end(), make.signal(), make.signal_end()):
        await heed(store, packs, make, news)
        async with store.open() as tx:
            (claimed,) = await tx.clues.claim_deliveries(5, later(10_000), later(20_000))
        heard.append(await delivered(store, make, claimed))

    created, withdrawn = DeliveryKind.CREATED, DeliveryKind.WITHDRAWN
    assert [kind for kind, _ in heard] == [created, withdrawn, created, withdrawn]
    assert len({number for _, number in heard}) == 4


async def test_a_slip_and_its_taking_back_in_one_batch_leave_the_clue_as_told(
    store: Any, packs: Any, make: Any
) -> None:
    """After an outage both come at once, in order."""
    await subscribe(store, make)
    await heed(store, packs, make, make.signal(), make.signal_end(), make.signal())

    async with store.open() as tx:
        (clue_id,) = await clue_ids(store)
        assert (await tx.clues.lock(clue_id)).state is ClueState.CREATED


@pytest.mark.parametrize("tries", [1, 0])
async def test_of_a_clue_told_anew_no_old_withdrawal_is_sent(
    store: Any, packs: Any, make: Any, later: Any, tries: int
) -> None:
    """The platform was away, or both came in one batch: it hears of the clue, not of an end that is none."""
    await delivered(store, make, await clue_of(store, packs, make))
    await heed(store, packs, make, make.signal_end())
    for _ in range(tries):
        async with store.open() as tx:
            (ending,) = await tx.clues.claim_deliveries(5, later(10_000), later(20_000))
            await record_outcome(outcome(ending, make, 503), tx, TWICE, lambda: 0.0)

    await heed(store, packs, make, make.signal())

    async with store.open() as tx:
        claimed = await tx.clues.claim_deliveries(5, later(40_000), later(50_000))
    assert [each.kind for each in claimed] == [DeliveryKind.CREATED]


async def test_a_clue_withdrawn_again_before_it_was_told_anew_is_told_withdrawn(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """The platform knows the clue from the first time: it must hear of its end, though nothing went out since."""
    await delivered(store, make, await clue_of(store, packs, make))

    for news in (make.signal_end(), make.signal(), make.signal_end()):
        await heed(store, packs, make, news)

    async with store.open() as tx:
        claimed = await tx.clues.claim_deliveries(5, later(40_000), later(50_000))
    assert [each.kind for each in claimed] == [DeliveryKind.WITHDRAWN]


async def test_a_platform_that_heard_of_the_end_is_not_told_of_another_it_never_saw_begin(
    store: Any, packs: Any, make: Any, later: Any
) -> None:
    """The clue came anew and was over again before anybody told them."""
    await delivered(store, make, await clue_of(store, packs, make))
    await heed(store, packs, make, make.signal_end())
    async with store.open() as tx:
        (ending,) = await tx.clues.claim_deliveries(5, later(10_000), later(20_000))
    await delivered(store, make, ending)

    for news in (make.signal(), make.signal_end()):
        await heed(store, packs, make, news)

    async with store.open() as tx:
        assert await tx.clues.claim_deliveries(5, later(40_000), later(50_000)) == []


async def test_a_clue_told_twice_is_in_the_books_once(sql: Any, packs: Any, make: Any) -> None:
    """The audit compares clues with those that were pushed, key by key."""
    await delivered(sql, make, await clue_of(sql, packs, make))
    for news in (make.signal_end(), make.signal()):
        await heed(sql, packs, make, news)

    async with sql.engine.connect() as connection:
        pushed = (await connection.execute(text(BOOKS["clues_pushed"]))).scalars().all()
        clues = (await connection.execute(text(BOOKS["clues_of_webhooks"]))).scalars().all()
    assert pushed == clues
    assert len(clues) == 1


async def delivered(store: Any, make: Any, delivery: Any) -> tuple[DeliveryKind, str]:
    async with store.open() as tx:
        await record_outcome(outcome(delivery, make, 200), tx, TWICE, lambda: 0.0)
    return delivery.kind, delivery.delivery_id


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


async def test_a_withdrawn_clue_is_pulled_again(sql: Any, packs: Any, make: Any) -> None:
    """A platform pulls what is new since its last position: that a clue is over is news too."""
    await subscribe(sql, make, url=None)
    await heed(sql, packs, make, make.signal())
    reads = Reads(sql.engine)
    (first,) = await reads.clues(ClueQuery(limit=5))

    await heed(sql, packs, make, make.signal_end())

    (again,) = await reads.clues(ClueQuery(limit=5, after=first.position))
    assert (again.clue_id, again.state, again.withdrawn_at) == (first.clue_id, "withdrawn", make.now)
