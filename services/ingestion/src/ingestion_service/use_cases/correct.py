"""Release quarantined facts by an edited sheet: each row tells what became of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from ingestion_service.model.quarantined import Quarantined, State
from ingestion_service.model.verdict import Outcome, Problem, Verdict
from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.judging import Bench
from ingestion_service.rules.sheet import correction
from ingestion_service.use_cases.settle import PutRight, Signed, put_right, release_all


class RowOutcome(StrEnum):
    """What became of a row."""

    RELEASED = "released"
    UNUSABLE = "unusable"
    UNCHANGED = "unchanged"
    SETTLED_BEFORE = "settled_before"
    UNKNOWN = "unknown"


class Row(NamedTuple):
    """A row of the sheet: its number there, which fact it is, and its cells by column."""

    number: int
    id: int
    cells: Mapping[str, Any]


class RowReport(NamedTuple):
    """What became of a row, and why not more."""

    number: int
    id: int
    outcome: RowOutcome
    problems: Sequence[Problem] = ()


async def correct(rows: Sequence[Row], signed: Signed, bench: Bench, tx: UnitOfWork) -> list[RowReport]:
    """The facts of edited rows are released as edited, once; those still unusable, and unedited ones, stay.

    Args:
        rows: Each of another fact.
        signed: Who edited them.
        bench: What the facts are judged by.
        tx: The transaction.

    Returns:
        A report for each row, in order.
    """
    held = {fact.id: fact for fact in await tx.quarantine.take([row.id for row in rows])}
    edited = {
        row.id: PutRight(held[row.id], line)
        for row in rows
        if row.id in held and (line := _line(held[row.id], row)) is not None
    }
    verdicts = await release_all(list(edited.values()), signed, bench, tx)
    told = dict(zip(edited, verdicts, strict=True))
    return [_report(row, held.get(row.id), told.get(row.id)) for row in rows]


def _line(held: Quarantined, row: Row) -> bytes | None:
    if held.state is not State.OPEN:
        return None
    how = correction(held, row.cells)
    return None if how is None else put_right(held, how)


def _report(row: Row, held: Quarantined | None, verdict: Verdict | None) -> RowReport:
    if held is None:
        return RowReport(row.number, row.id, RowOutcome.UNKNOWN)
    if held.state is not State.OPEN:
        return RowReport(row.number, row.id, RowOutcome.SETTLED_BEFORE)
    if verdict is None:
        return RowReport(row.number, row.id, RowOutcome.UNCHANGED)
    if verdict.verdict is Outcome.ACCEPTED:
        return RowReport(row.number, row.id, RowOutcome.RELEASED)
    return RowReport(row.number, row.id, RowOutcome.UNUSABLE, verdict.problems)
