"""What a report says of the rows of a file: which are listed, and why they were not accepted."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ingestion_service.model.fact import Fact
from ingestion_service.model.file import Listed, Piece
from ingestion_service.model.verdict import Outcome, Problem, Reason, Verdict
from ingestion_service.rules.reading import EXPECTED
from ingestion_service.rules.retracting import OF_OTHER_ENTITY

MOST_LISTED = 5_000_000
"""Lines a report may have; beyond them it says how many rows it leaves out."""
MOST_REASONS = 500
OTHER = "other"
_cells = msgspec.msgpack.Decoder(list[list[str]]).decode
_encode = msgspec.json.Encoder().encode
_DUPLICATE = Problem(
    "id", "is known: the row counted before", "nothing to do, or another id if it is another fact"
)
_BEFORE = Problem("id", "stands in an earlier row of this file", "an id of its own, if it is another fact")
_EXPECTED_OF_FIELD: Mapping[str, str] = {
    "time": f"{EXPECTED['time']}; in the past",
    "data.area_code": "one of the city's areas",
    "data": "a day that can be",
}


class Told(NamedTuple):
    """A row's verdict, and everything that is wrong with it."""

    verdict: Outcome
    problems: Sequence[Problem] = ()


class Lines(NamedTuple):
    """Lines for the listing, what they and the others come to, by verdict and by reason."""

    lines: Sequence[bytes]
    counts: Mapping[Outcome, int]
    reasons: Mapping[str, int]


def told_of_fact(fact: Fact, outcome: Outcome, *, before: bool = False) -> Told:
    """What is told of a row whose fact reached the ledger, or would."""
    if outcome is Outcome.DUPLICATE:
        return Told(outcome, (_BEFORE if before else _DUPLICATE,))
    if outcome is Outcome.QUARANTINED:
        return Told(outcome, (_quarantined(str(fact.reason)) if fact.reason else OF_OTHER_ENTITY,))
    return Told(outcome)


def told_of_verdict(verdict: Verdict) -> Told:
    """What is told of a row that was rejected."""
    return Told(verdict.verdict, verdict.problems)


def _quarantined(reason: str) -> Problem:
    field = _field_of(reason)
    return Problem(field, reason, _EXPECTED_OF_FIELD.get(field) or EXPECTED.get(field, EXPECTED["data"]))


def _field_of(reason: str) -> str:
    if reason.startswith(("uscc_", "subject")):
        return "subject"
    known = {
        str(Reason.TIME_MISSING): "time",
        str(Reason.UNKNOWN_AREA): "data.area_code",
    }
    return known.get(reason, "data")


def listing(piece: Piece, told: Sequence[Told], column_of: Callable[[str], str], *, every_row: bool) -> Lines:
    """One line for each thing that is wrong with a row of the piece; rows without fault only when asked for."""
    wanted = [place for place, each in enumerate(told) if every_row or each.verdict is not Outcome.ACCEPTED]
    cells = _cells(piece.cells) if wanted else []
    lines = [
        _encode(
            Listed(
                piece.rows[place], told[place].verdict, column_of(wrong.field), *_said(wrong), cells[place]
            )
        )
        for place in wanted
        for wrong in told[place].problems or (_FINE,)
    ]
    counts = Counter(each.verdict for each in told)
    reasons = Counter(reason_key(each.verdict, wrong) for each in told for wrong in each.problems)
    return Lines(lines, counts, reasons)


_FINE = Problem("", "", "")


def _said(problem: Problem) -> tuple[str, str, str]:
    return problem.field, problem.problem, problem.expected


def reason_key(verdict: Outcome, problem: Problem) -> str:
    """What rows are counted by: verdict, field and problem."""
    return _encode([verdict, problem.field, problem.problem]).decode()


def added(totals: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both together; reasons beyond the most are counted as others."""
    result = dict(totals)
    for key, count in more.items():
        known = key if key in result or len(result) < MOST_REASONS else OTHER
        result[known] = result.get(known, 0) + count
    return result
