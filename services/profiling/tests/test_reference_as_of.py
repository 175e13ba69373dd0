"""As of any day of the world and any instant of knowledge, a profile is that of a slow, obvious recomputation."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from profiling_reference import fact_of, profile
from profiling_reference.facts import SHANGHAI, Message
from profiling_reference.histories import histories, todays
from profiling_reference.service import Desk, DeskOn, examples, told
from profiling_service.model.relations import COUNTS
from profiling_service.rules.as_of import Moment, standing

USCC = "91510104YY00000000"
NO_RELATIONS = {name: [float("nan")] for name in COUNTS}
DISTANCES = (-800, -400, -365, -100, -61, -31, -7, -1, 0, 1, 30, 400)
AsOf = tuple[date | None, datetime | None]


@st.composite
def _histories(draw: Any) -> tuple[date, list[Message], AsOf]:
    today = draw(todays)
    history = sorted(draw(histories(USCC, today, 12)), key=lambda message: message.recorded_at_ms)
    days = st.sampled_from(DISTANCES).map(lambda days: today + timedelta(days))
    occurred = st.sampled_from([fact_of(message).occurred.date() for message in history] or [today])
    recorded = st.sampled_from([fact_of(message).recorded for message in history] or [None])
    return today, history, (draw(st.none() | days | occurred), draw(st.none() | recorded))


def _as_of(desk: Desk, history: list[Message], today: date, moment: AsOf) -> dict[str, float | None] | None:
    """What the service says, None where nothing was known."""
    valid_at, known_at = moment
    last = None if valid_at is None else datetime.combine(valid_at, time.max, SHANGHAI)
    asked = Moment(
        ((valid_at or today) - date(1970, 1, 1)).days,
        None if last is None else _milliseconds(last),
        2**60 if known_at is None else _milliseconds(known_at),
    )
    found = standing([desk.fact(message) for message in history], asked, desk.book, NO_RELATIONS)
    return None if found is None else told(found.entity, desk.book)


def _milliseconds(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)) // timedelta(milliseconds=1)


@given(given_=_histories())
@examples(400)
def test_as_of_any_moment_values_are_those_of_the_reference(
    given_: tuple[date, list[Message], AsOf], desk_on: DeskOn
) -> None:
    """Why was it decided so, and how was it really? Both must be answered to the last bit."""
    today, history, (valid_at, known_at) = given_
    facts = [fact_of(message) for message in history]
    was_known = any(
        (valid_at is None or fact.occurred.date() <= valid_at)
        and (known_at is None or fact.recorded <= known_at)
        for fact in facts
    )
    expected = profile(facts, valid_at or today, valid_at, known_at) if was_known else None

    found = _as_of(desk_on(today), history, today, (valid_at, known_at))

    assert found == expected
