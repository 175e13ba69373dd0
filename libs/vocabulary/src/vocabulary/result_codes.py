"""Results of random inspections (双随机抽查结果), and what each means for the discovery rate (问题发现率).

The rate is problem objects over validly inspected objects. A result outside the denominator, such as an
entity that does not carry on the inspected activity, counts neither way; who publishes a rate says so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from vocabulary.code_tables import Row, by_code, find, table
from vocabulary.errors import InvalidCombinationError


class ResultCode(StrEnum):
    """The eight national results; the identifiers are ours, the meaning is the national one."""

    NO_PROBLEM = "no_problem"
    NOT_PUBLICISED = "not_publicised"
    FALSE_PUBLICITY = "false_publicity"
    UNREACHABLE = "unreachable"
    CORRECTED = "corrected"
    REFUSED = "refused"
    NO_SUCH_ACTIVITY = "no_such_activity"
    PENDING = "pending"


class LegacyTable(StrEnum):
    """Older code tables found in running systems."""

    PUBLICITY = "publicity"
    """公示信息抽查: one result per inspection."""
    DOUBLE_RANDOM = "double_random"
    """双随机: several, separated by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Row):
    """One national result; an ``exclusive`` one cannot stand beside another."""

    is_problem: bool
    in_denominator: bool
    exclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyResult(Row):
    """One result of an older table; ``national`` is None where only the registration status says it today."""

    is_problem: bool
    in_denominator: bool
    exclusive: bool
    national: ResultCode | None = None

    def __post_init__(self) -> None:
        if self.national is not None:
            object.__setattr__(self, "national", ResultCode(self.national))


@cache
def results() -> Mapping[str, Result]:
    """The eight national results."""
    return by_code(table("result_codes", "national", Result))


@cache
def legacy_results(legacy: LegacyTable) -> Mapping[str, LegacyResult]:
    """The results of an older table under that table's codes."""
    return by_code(table("result_codes", legacy.value, LegacyResult))


def legacy_result(legacy: LegacyTable, code: str) -> LegacyResult:
    """The result with this code in an older table.

    Raises:
        UnknownCodeError: the table has no such code.
    """
    return find(legacy_results(legacy), f"results, {legacy}", code.strip().upper())


def validate_combination(codes: Collection[str]) -> None:
    """Nothing, where these codes can be the result of one inspection.

    Raises:
        UnknownCodeError: one of them is not a national result.
        InvalidCombinationError: none given, or an exclusive one beside another.
    """
    rows = _rows(codes)
    if not rows:
        raise InvalidCombinationError((), "an inspection has at least one result")
    exclusive = [row.code for row in rows if row.exclusive]
    if exclusive and len(rows) > 1:
        raise InvalidCombinationError(tuple(row.code for row in rows), f"{exclusive[0]} stands alone")


def problem_found(codes: Collection[str]) -> bool:
    """Whether the inspection found a problem.

    Raises:
        UnknownCodeError, InvalidCombinationError: as ``validate_combination``.
    """
    validate_combination(codes)
    return any(row.is_problem for row in _rows(codes))


def counts_in_denominator(codes: Collection[str]) -> bool:
    """Whether the entity was validly inspected, and so counts in the rate.

    Raises:
        UnknownCodeError, InvalidCombinationError: as ``validate_combination``.
    """
    validate_combination(codes)
    return any(row.in_denominator for row in _rows(codes))


def _rows(codes: Collection[str]) -> list[Result]:
    return [find(results(), "results", code) for code in sorted(set(codes))]
