"""The daily run looks only at whom the calendar may have changed, and nobody's values are ever behind."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from profiling_reference import fact_of, profile
from profiling_reference.facts import Message
from profiling_reference.histories import histories, todays
from profiling_reference.service import Desk, DeskOn, examples, unrelated

USCCS = [f"91510104YY{number:08d}" for number in range(5)]
JUMPS = (1, 1, 1, 2, 7, 27, 28, 29, 30, 31, 59, 90, 364, 365, 366)


@st.composite
def _stages(draw: Any, ahead: int) -> tuple[date, list[list[Message]]]:
    """A day, and facts of some entities near the edge of windows that end on it or so many days later; some late."""
    today = draw(todays)
    news = [message for uscc in USCCS for message in draw(histories(uscc, today, 3, ahead))]
    late = draw(st.integers(0, 2))
    return today, [news[late:], news[:late]]


async def _roll(desk: Desk, stops: Sequence[date], stages: Sequence[Sequence[Message]]) -> None:
    """The first facts are there; on each stop values are held against the reference; the others come half way."""
    there = list(stages[0])
    await desk.record(there)
    for number, day in enumerate(stops):
        await desk.run(day)
        if number == len(stops) // 2:
            await desk.record(stages[1])
            there += stages[1]
        for uscc in desk.tx.known:
            mine = [fact_of(message) for message in there if message.uscc == uscc]
            assert unrelated(desk.profile(uscc)) == unrelated(profile(mine, day)), (uscc, day)


@given(staged=_stages(ahead=40))
@examples(60)
def test_day_by_day_values_are_those_of_the_reference(
    staged: tuple[date, list[list[Message]]], desk_on: DeskOn
) -> None:
    """A window is left on one day: a day early and a day late are both wrong."""
    today, stages = staged

    asyncio.run(_roll(desk_on(today), [today + timedelta(days) for days in range(1, 41)], stages))


@given(staged=_stages(ahead=400), jumps=st.lists(st.sampled_from(JUMPS), min_size=1, max_size=12))
@examples(150)
def test_after_any_number_of_days_values_are_those_of_the_reference(
    staged: tuple[date, list[list[Message]]], jumps: list[int], desk_on: DeskOn
) -> None:
    """Runs are left out over holidays, and licences and years go by."""
    today, stages = staged
    stops = [today + timedelta(sum(jumps[: number + 1])) for number in range(len(jumps))]

    asyncio.run(_roll(desk_on(today), stops, stages))
