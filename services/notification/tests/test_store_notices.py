"""Notices and their letters in the store, the fake and the real one alike."""

from typing import Any

import pytest
from notification_service.errors import NoticeNotFailed, UnknownNotice
from notification_service.model import Attempt
from notification_service.use_cases import events, letters
from store_steps import ONCE, TWICE, claim, heed, plan, subscribe


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
