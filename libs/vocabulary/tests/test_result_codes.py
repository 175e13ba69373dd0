"""Inspection results and the problem-discovery rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary.errors import InvalidCombinationError, UnknownCodeError
from vocabulary.result_codes import (
    LegacyTable,
    ResultCode,
    counts_in_denominator,
    legacy_result,
    legacy_results,
    problem_found,
    results,
    validate_combination,
)

PROBLEMS = [code for code in ResultCode if code not in {ResultCode.NO_PROBLEM, ResultCode.NO_SUCH_ACTIVITY}]


@given(st.sets(st.sampled_from(PROBLEMS), min_size=1))
def test_problems_may_stand_together_and_count(codes: set[ResultCode]) -> None:
    """One visit can find an address dead and an annual report missing."""
    validate_combination(codes)

    assert problem_found(codes)
    assert counts_in_denominator(codes)


def test_no_problem_counts_below_the_line_only() -> None:
    """A clean visit lowers the rate."""
    assert not problem_found([ResultCode.NO_PROBLEM])
    assert counts_in_denominator([ResultCode.NO_PROBLEM])


def test_an_absent_activity_counts_nowhere() -> None:
    """Nothing was inspected, so it must not make the rate look better."""
    assert not problem_found([ResultCode.NO_SUCH_ACTIVITY])
    assert not counts_in_denominator([ResultCode.NO_SUCH_ACTIVITY])


@given(
    st.sampled_from([ResultCode.NO_PROBLEM, ResultCode.NO_SUCH_ACTIVITY]),
    st.sets(st.sampled_from(ResultCode), min_size=1),
)
def test_an_exclusive_result_stands_alone(exclusive: ResultCode, others: set[ResultCode]) -> None:
    """ "No problem found" beside a problem is a slip of the pen, to be asked about."""
    codes = [exclusive, *(others - {exclusive})]

    if len(codes) == 1:
        validate_combination(codes)
        return

    with pytest.raises(InvalidCombinationError) as refused:
        problem_found(codes)
    assert set(refused.value.codes) == set(codes)


def test_an_inspection_without_a_result_is_refused() -> None:
    """Neither clean nor problem: it is not finished."""
    with pytest.raises(InvalidCombinationError):
        counts_in_denominator([])


def test_a_result_named_twice_is_one_result() -> None:
    """A double click on the phone."""
    validate_combination([ResultCode.NO_PROBLEM, ResultCode.NO_PROBLEM])


def test_an_unknown_result_is_refused() -> None:
    """A legacy code must be translated at the door."""
    with pytest.raises(UnknownCodeError):
        validate_combination(["A"])


def test_the_newer_legacy_table_splits_as_published() -> None:
    """Problems, the clean result, and what leaves the denominator: every code is in exactly one."""
    rows = legacy_results(LegacyTable.DOUBLE_RANDOM)

    assert {row.code for row in rows.values() if row.is_problem} == set("BCDEA86345G")
    assert {row.code for row in rows.values() if not row.in_denominator} == {"F", "7", "9", "10", "11", "12"}
    assert {row.code for row in rows.values() if row.in_denominator and not row.is_problem} == {"1"}


@pytest.mark.parametrize("legacy", LegacyTable)
def test_a_legacy_result_and_its_national_one_count_alike(legacy: LegacyTable) -> None:
    """Translating an old file must not move a rate."""
    for row in legacy_results(legacy).values():
        if row.national is None:
            assert not row.in_denominator
            continue
        national = results()[row.national]
        assert (row.is_problem, row.in_denominator) == (national.is_problem, national.in_denominator)
        assert row.exclusive == national.exclusive


def test_the_same_code_means_different_things_in_the_two_tables() -> None:
    """8 is a revoked licence in one and a refusal in the other."""
    assert legacy_result(LegacyTable.PUBLICITY, "8").national is None
    assert legacy_result(LegacyTable.DOUBLE_RANDOM, "8").national is ResultCode.REFUSED
    assert legacy_result(LegacyTable.DOUBLE_RANDOM, " e ").national is ResultCode.CORRECTED
    with pytest.raises(UnknownCodeError):
        legacy_result(LegacyTable.DOUBLE_RANDOM, "2")
