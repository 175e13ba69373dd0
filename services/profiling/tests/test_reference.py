"""Whatever facts come, in whatever order and batches, every value is that of a slow, obvious recomputation."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from profiling_reference import fact_of, profile
from profiling_reference.contract import CODES, TYPES
from profiling_reference.facts import Message
from profiling_reference.histories import histories, todays
from profiling_reference.packs import FORMS
from profiling_reference.service import DeskOn, examples, once_each

USCCS = [f"91510104YY{number:08d}" for number in range(4)]
Histories = tuple[date, list[list[Message]]]


@st.composite
def _towns(draw: Any, most_entities: int, most_facts: int) -> Histories:
    """A day, and what happened to each entity."""
    today = draw(todays)
    there = USCCS[: draw(st.integers(1, most_entities))]
    return today, [draw(histories(uscc, today, most_facts)) for uscc in there]


def _expected(history: Sequence[Message], today: date) -> dict[str, float | None]:
    return profile([fact_of(message) for message in history], today)


@given(town=_towns(1, 14), order=st.randoms(use_true_random=False), batch=st.integers(1, 15))
@examples(500)
def test_values_are_those_of_the_reference_in_any_order(
    town: Histories, order: Any, batch: int, desk_on: DeskOn
) -> None:
    """Order, lateness, duplicates and the size of batches are accidents of transport; a profile must not know them."""
    today, (history,) = town
    arriving = [*history, *history[::2]]
    order.shuffle(arriving)
    desk = desk_on(today)

    asyncio.run(desk.record(once_each(arriving), batch))

    if history:
        assert desk.profile(USCCS[0]) == _expected(history, today)


@given(town=_towns(4, 9), order=st.randoms(use_true_random=False), batch=st.integers(1, 30))
@examples(100)
def test_mixed_entities_each_have_the_values_of_their_own_facts(
    town: Histories, order: Any, batch: int, desk_on: DeskOn
) -> None:
    """All of them use the same identifiers, and name one another's facts."""
    today, towns = town
    arriving = [message for history in towns for message in history]
    order.shuffle(arriving)
    desk = desk_on(today)

    asyncio.run(desk.record(arriving, batch))

    for uscc, history in zip(USCCS, towns, strict=False):
        if history:
            assert desk.profile(uscc) == _expected(history, today), uscc


@given(town=_towns(4, 9))
@examples(80)
def test_many_entities_at_once_are_as_each_alone(town: Histories, desk_on: DeskOn) -> None:
    """The vectorised rules must never let one entity's facts touch another's, nor its signals and next look."""
    today, towns = town
    alone, together = desk_on(today), desk_on(today)

    for history in towns:
        asyncio.run(alone.record(history))
    asyncio.run(together.record([message for history in towns for message in history]))

    assert together.tx.known == alone.tx.known
    assert together.tx.particulars == alone.tx.particulars
    assert together.tx.open == alone.tx.open


@given(town=_towns(4, 9), cut=st.integers(0, 9))
@examples(60)
def test_the_facts_of_others_change_nothing(town: Histories, cut: int, desk_on: DeskOn) -> None:
    """An entity's own facts decide, though others' came before, with and after them."""
    today, (mine, *towns) = town
    others = [message for history in towns for message in history]
    alone, among = desk_on(today), desk_on(today)

    asyncio.run(alone.record(mine))
    for messages in (others[:cut], [*others[cut : 2 * cut], *mine], others[2 * cut :]):
        asyncio.run(among.record(messages))

    assert among.tx.known.get(USCCS[0]) == alone.tx.known.get(USCCS[0])


def test_histories_know_every_type_and_every_code_of_the_contract() -> None:
    """A code that a pack asks for and no fact can have would be counted by nothing, and tested by nothing."""
    for kind, message in TYPES.items():
        asked = [
            (member, said)
            for conditions in FORMS[kind].get("flags", {}).values()
            for condition in conditions
            for member, said in condition.items()
        ]
        for member, said in asked:
            codes = (
                said if isinstance(said, list) else said.get("beyond", []) if isinstance(said, dict) else []
            )
            assert set(codes) <= set(CODES.get(f"{kind}.{member}", ())), (kind, member)
        assert {name.partition(".")[2] for name in CODES if name.startswith(f"{kind}.")} <= set(
            message.fields_by_name
        )
    assert set(TYPES) | {"record_stopped"} == set(FORMS)
