"""Every family is raised by its cause and ends with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from profiling_service.model.entities import BLANK, NO_IDENTITY, Restatement
from profiling_service.rules.identity import patched
from profiling_service.rules.profiles import Inputs, Outcome, RuleBook, outcome
from profiling_service.rules.suppressing import Sensing
from profiling_signal_cases import CASES, GROUP, Case, nothing, without_one


class Watched:
    """One entity, decided upon without any store."""

    def __init__(self, book: RuleBook, family: str, case: Case) -> None:
        self._book, self._family, self._case = book, family, case
        self._entity, self._facts, self._identity = BLANK, b"", NO_IDENTITY

    def sees(self, news: Sequence[Any], related: Mapping[str, float], bound: float | None) -> Outcome:
        """What becomes of it once these facts have come."""
        before = self._identity
        for fact in news:
            self._facts += fact.features
            if fact.patch is not None:
                self._identity = patched(self._identity, fact.patch)
        changed = {0: Restatement(before, self._identity)} if before != self._identity else {}
        bounds = {} if bound is None else {(self._family, *GROUP): bound}
        given = Inputs(
            [self._entity],
            [self._facts],
            changed,
            {name: [count] for name, count in related.items()},
            calendar=self._case.calendar,
            usccs=["91510104YY000001XM"],
            sensing=Sensing((), bounds),
        )
        made = outcome(self._book, self._case.day, given)
        self._entity = made.after[0]
        return made

    @property
    def open(self) -> set[str]:
        """Families of the signals that are open."""
        return {signal.family for signal in self._entity.signals if signal.is_open}


@pytest.mark.parametrize("family", CASES)
def test_a_family_is_raised_by_its_cause_and_cleared_by_what_ends_it(
    family: str, book: RuleBook, facts: Any
) -> None:
    """A warning nobody can end is a warning nobody reads."""
    case = CASES[family]
    watched = Watched(book, family, case)
    watched.sees([facts.registration(**case.registration)], {}, None)

    raised = watched.sees(case.begins(facts), case.related, case.bound)
    during = watched.open
    ended = watched.sees(case.ends(facts), case.unrelated, case.higher_bound)

    assert family in during
    assert case.calendar or [order for order in raised.raises if order.family.code == family]
    assert family not in watched.open
    assert [clear for clear in ended.clears if clear.family == family and clear.was_open]


@pytest.mark.parametrize(
    "family", [family for family, case in CASES.items() if case.ends not in (nothing, without_one)]
)
@pytest.mark.parametrize("at_once", [False, True])
def test_a_family_is_open_again_when_what_ended_it_is_taken_back(
    family: str, book: RuleBook, facts: Any, *, at_once: bool
) -> None:
    """What ended it never was so, whether or not it was believed for a time."""
    case = CASES[family]
    watched = Watched(book, family, case)
    watched.sees([facts.registration(**case.registration)], {}, None)
    watched.sees(case.begins(facts), case.related, case.bound)
    ends = case.ends(facts)
    taken_back = [facts.retracted(fact.fact_id) for fact in ends]

    for news in [[*ends, *taken_back]] if at_once else [ends, taken_back]:
        watched.sees(news, case.related, case.bound)

    assert family in watched.open


def test_there_is_a_case_for_every_family(book: RuleBook) -> None:
    """A family without a history that raises it may be one that nothing can raise."""
    assert set(CASES) == {family.code for family in book.families}


def test_an_unremarkable_entity_warns_of_nothing(book: RuleBook, facts: Any) -> None:
    """Registered, licensed, reporting, inspected once without a problem: nobody should hear of it."""
    watched = Watched(book, "none", Case())
    history = [
        facts.registration(),
        facts("licence_granted", licence_kind="food_operation", valid_until_day=Case().day + 900, on=300),
        facts("annual_report_filed", report_year=2025, on=40, assets_fen=500, liabilities_fen=100),
        facts("inspection_completed", result_codes=["no_problem"], on=20),
        facts("complaint_received", on=30),
        facts("staffing_reported", insured=12, on=5),
    ]

    watched.sees(history, {"person": 1, "address": 2}, None)

    assert watched.open == set()
