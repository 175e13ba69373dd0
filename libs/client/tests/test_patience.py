"""How long is waited, with a clock and a chance of our own."""

from datetime import UTC, datetime

import pytest
from creditloop_client import Patience, Unanswered
from creditloop_client.answers import Answer, Later, understand
from creditloop_client.patience import Tries
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_waits_double_up_to_the_longest() -> None:
    """A service that is away for long is not asked all the time."""
    tries = Tries(Patience(total_s=1000, first_s=1, longest_s=4), Clock(), lambda: 1.0)

    assert [tries.wait_s(Later("busy"), []) for _ in range(5)] == [1, 2, 4, 4, 4]


@given(st.floats(0, 1), st.floats(0, 50))
def test_chance_moves_a_wait_but_never_below_what_was_asked_for(chance: float, asked_s: float) -> None:
    """Many sources come back one after another, and none too early."""
    wait_s = Tries(Patience(first_s=1), Clock(), lambda: chance).wait_s(Later("busy", asked_s), [])

    assert max(asked_s, 0.5) <= wait_s <= max(asked_s, 0.5) + 0.5


def test_the_time_in_all_is_bounded() -> None:
    """Whatever the service asks for."""
    clock = Clock()
    tries = Tries(Patience(total_s=10), clock, lambda: 0.0)

    tries.wait_s(Later("busy", 9), ["f-1"])
    clock.now_s += 9

    with pytest.raises(Unanswered, match="1 facts unanswered after 9 s, the last time: busy"):
        tries.wait_s(Later("busy", 2), ["f-1"])


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7),
        ("Sun, 01 Mar 2026 00:00:30 GMT", 30),
        ("Sun, 01 Mar 2020 00:00:00 GMT", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, wait_s: float) -> None:
    """RFC 9110 allows seconds and a date."""
    told = understand(Answer(503, {"retry-after": header}, b""), ["f-1"], NOW)

    assert told == Later("status 503", wait_s)
