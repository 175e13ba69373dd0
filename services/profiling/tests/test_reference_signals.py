"""Which signals are open depends on facts and on the day, not on batches and on who was looked at when."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from profiling_reference.facts import Message
from profiling_reference.histories import todays, warning_histories
from profiling_reference.service import Desk, DeskOn, examples
from profiling_service.model.signals import RuleKind

USCCS = [f"91510104YY{number:08d}" for number in range(3)]
DAYS = 70
BY_FACT = (RuleKind.FACT_IN_EFFECT, RuleKind.REPORT_DUE)
Open = set[tuple[str, str, int]]


@st.composite
def _towns(draw: Any, most_facts: int, ahead: int = 0) -> tuple[date, list[Message]]:
    """A day, and what happened to each entity; many facts come near that day."""
    today = draw(todays)
    return today, [
        message for uscc in USCCS for message in draw(warning_histories(uscc, today, most_facts, ahead))
    ]


def _open(desk: Desk) -> Open:
    """Family, entity, and the episode where its number is that of a fact or a year."""
    numbered = {family.code for family in desk.book.families if family.rule.kind in BY_FACT}
    return {
        (signal.family, uscc, signal.episode if signal.family in numbered else 0)
        for uscc, entity in desk.tx.known.items()
        for signal in entity.signals
        if signal.is_open
    }


async def _roll(sparing: Desk, thorough: Desk, town: Sequence[Message], today: date) -> None:
    """Every day one looks at whom the calendar may have changed, the other at everybody; some facts come half way."""
    late = len(town) // 4
    await sparing.record(town[late:])
    await thorough.record(town[late:])
    for number in range(1, DAYS):
        day = today + timedelta(number)
        thorough.tx.due += list(thorough.tx.known)
        await sparing.run(day)
        await thorough.run(day)
        if number == DAYS // 2:
            await sparing.record(town[:late])
            await thorough.record(town[:late])
        assert _open(sparing) == _open(thorough), day


@given(town=_towns(16, ahead=DAYS))
@examples(50)
def test_looking_only_when_it_is_time_opens_and_ends_the_same_signals(
    town: tuple[date, list[Message]], desk_on: DeskOn
) -> None:
    """A signal that begins or ends by the calendar alone must be on the agenda."""
    today, messages = town

    asyncio.run(_roll(desk_on(today), desk_on(today), messages, today))


@given(town=_towns(16), order=st.randoms(use_true_random=False), batch=st.integers(1, 7))
@examples(200)
def test_the_same_signals_are_open_however_facts_are_batched(
    town: tuple[date, list[Message]], order: Any, batch: int, desk_on: DeskOn
) -> None:
    """An ending that is taken back later must leave what it would have left in the same batch."""
    today, messages = town
    order.shuffle(messages)
    at_once, bit_by_bit = desk_on(today), desk_on(today)

    asyncio.run(at_once.record(messages))
    asyncio.run(bit_by_bit.record(messages, batch))

    assert _open(bit_by_bit) == _open(at_once)
