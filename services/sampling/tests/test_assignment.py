"""Teams: at least two, licensed, unconflicted, not the last pair, evenly loaded, helped by neighbours."""

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from memory import AREA, NEIGHBOUR, inspector, uscc
from sampling_service.model.tasks import Inspector, Visit
from sampling_service.rules.assignment import (
    FROM_NEIGHBOURS,
    NO_SPECIALIST,
    SAME_TEAM,
    TOO_FEW,
    Needs,
    Rota,
    assign,
)

UNTIL = date(2026, 12, 23)
NEEDS = Needs(2, frozenset(), UNTIL)


def _visit(number: int, *last_team: str, area_code: str = AREA) -> Visit:
    return Visit(f"task-{number}", uscc(number), area_code, frozenset(last_team))


def _rota(*inspectors: Inspector, randomness: bytes = bytes(32)) -> Rota:
    return Rota(inspectors, {}, {AREA: (NEIGHBOUR,)}, randomness)


def test_an_inspector_keeps_away_from_an_entity_of_interest() -> None:
    """回避: nobody inspects a relative's shop."""
    conflicted = inspector("I1", conflicts=frozenset({uscc(1)}))

    (assigned,) = assign([_visit(1)], _rota(conflicted, inspector("I2"), inspector("I3")), NEEDS)

    assert assigned.inspectors == ("I2", "I3")


def test_a_licence_must_hold_until_the_visit_is_due() -> None:
    """An expired licence makes the inspection void."""
    expired = replace(inspector("I1"), licence_valid_until=date(2026, 12, 22))

    (assigned,) = assign([_visit(1)], _rota(expired, inspector("I2"), inspector("I3")), NEEDS)

    assert assigned.inspectors == ("I2", "I3")


def test_the_last_pair_does_not_come_again() -> None:
    """Familiarity is what random assignment is to prevent."""
    rota = _rota(inspector("I1"), inspector("I2"), inspector("I3"))

    (assigned,) = assign([_visit(1, "I1", "I2")], rota, NEEDS)

    assert set(assigned.inspectors) != {"I1", "I2"}
    assert len(assigned.inspectors) == 2


def test_the_last_pair_comes_again_only_when_there_is_no_other_and_it_is_noted() -> None:
    """A visit by the same two is better than none, and must be seen to be so."""
    (assigned,) = assign([_visit(1, "I1", "I2")], _rota(inspector("I1"), inspector("I2")), NEEDS)

    assert assigned.inspectors == ("I1", "I2")
    assert assigned.note == SAME_TEAM


def test_a_neighbour_helps_where_conflicts_leave_fewer_than_two() -> None:
    """The draw goes on in the neighbouring area, with its reason on record."""
    conflicted = inspector("I1", conflicts=frozenset({uscc(1)}))

    (assigned,) = assign([_visit(1)], _rota(conflicted, inspector("I2"), inspector("N1", NEIGHBOUR)), NEEDS)

    assert assigned.inspectors == ("I2", "N1")
    assert assigned.note == f"{FROM_NEIGHBOURS}:{NEIGHBOUR}"


def test_where_there_are_too_few_nobody_goes() -> None:
    """One inspector alone may not inspect."""
    (assigned,) = assign([_visit(1)], _rota(inspector("I1")), NEEDS)

    assert assigned.inspectors == ()
    assert assigned.note == TOO_FEW


def test_one_of_the_team_knows_the_trade() -> None:
    """Food needs someone who knows food; where nobody does, the note says so."""
    needs = Needs(2, frozenset({"food"}), UNTIL)
    pool = [inspector(f"I{number}") for number in range(4)]
    expert = inspector("X", specialties=frozenset({"food"}))

    with_expert = assign([_visit(number) for number in range(6)], _rota(*pool, expert), needs)
    without = assign([_visit(1)], _rota(*pool), needs)

    assert all("X" in each.inspectors for each in with_expert)
    assert (len(without[0].inspectors), without[0].note) == (2, NO_SPECIALIST)


@given(st.integers(2, 8), st.integers(1, 60), st.binary(min_size=32, max_size=32))
def test_work_is_spread_evenly_and_the_same_for_the_same_randomness(
    size: int, count: int, lot: bytes
) -> None:
    """Fair to inspectors, and replayable by the auditor, whatever order visits come in."""
    pool = [inspector(f"I{number}") for number in range(size)]
    visits = [_visit(number) for number in range(count)]

    assigned = assign(visits, _rota(*pool, randomness=lot), NEEDS)
    again = assign(visits[::-1], _rota(*pool[::-1], randomness=lot), NEEDS)

    loads = Counter(ref for each in assigned for ref in each.inspectors)
    assert assigned == again
    assert all(len(set(each.inspectors)) == 2 for each in assigned)
    assert max(loads.values()) - min(loads.get(each.ref, 0) for each in pool) <= 1


def test_other_randomness_gives_other_pairs() -> None:
    """Pairs are drawn, not arranged."""
    pool = [inspector(f"I{number}") for number in range(6)]

    teams = {
        assign([_visit(1)], _rota(*pool, randomness=bytes([lot])), NEEDS)[0].inspectors for lot in range(40)
    }

    assert len(teams) > 5


def test_specialty_and_last_pair_may_bend_together() -> None:
    """Two are left, neither knows the trade, and both came last time: better than nobody, and noted."""
    needs = Needs(2, frozenset({"food"}), UNTIL)

    (assigned,) = assign([_visit(1, "I1", "I2")], _rota(inspector("I1"), inspector("I2")), needs)

    assert assigned.inspectors == ("I1", "I2")
    assert assigned.note == f"{NO_SPECIALIST}; {SAME_TEAM}"


@given(st.data())
def test_the_team_is_the_first_of_all_pairs_that_fits(data: st.DataObject) -> None:
    """Keeping only some candidates must find whatever trying all of them finds."""
    trades = st.frozensets(st.sampled_from(["food", "fire", "price"]))
    pool = [inspector(f"I{n}", specialties=data.draw(trades)) for n in range(data.draw(st.integers(2, 7)))]
    needs = Needs(2, frozenset({"food", "fire"}), UNTIL)
    last_team = data.draw(st.sampled_from([(), ("I0", "I1"), ("I1", "I2")]))
    order = _in_turn(pool)

    (assigned,) = assign([_visit(1, *last_team)], _rota(*pool), needs)

    pairs = [(one, order[last]) for last in range(len(order)) for one in order[:last]]
    fits = [
        tuple(sorted((one.ref, other.ref)))
        for one, other in pairs
        if needs.specialties <= one.specialties | other.specialties and {one.ref, other.ref} != set(last_team)
    ]
    if fits:
        assert assigned == ("task-1", fits[0], "")
    else:
        assert assigned.note != ""


def _in_turn(pool: list[Inspector]) -> list[Inspector]:
    """The order in which the rota asks them, seen from visits with one place each."""
    solo = [
        assign([_visit(1)], _rota(one, other), Needs(1, frozenset(), UNTIL)) for one in pool for other in pool
    ]
    wins = Counter(each[0].inspectors[0] for each in solo)
    return sorted(pool, key=lambda each: -wins[each.ref])


def test_a_trade_that_nobody_knows_costs_no_search() -> None:
    """A hundred visits times every pair of a thousand inspectors would be fifty million pairs."""
    looked_at = 0

    class Counting(frozenset):  # type: ignore[type-arg]
        def __contains__(self, item: object) -> bool:
            nonlocal looked_at
            looked_at += 1
            return super().__contains__(item)

    pool = [inspector(f"I{number}", conflicts=Counting()) for number in range(1000)]
    needs = Needs(2, frozenset({"diving", "food"}), UNTIL)
    expert = inspector("X", specialties=frozenset({"food"}))

    assign([_visit(number) for number in range(100)], _rota(*pool, expert), needs)

    assert looked_at < 1000
