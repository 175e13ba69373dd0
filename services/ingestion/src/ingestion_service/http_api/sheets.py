"""The work list as an Excel sheet, and the edited sheet taken back (隔离清单导出、更正导入)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from httpapi import audit_read
from httpapi.field_errors import FieldError
from httpapi.idempotency import OncePerKey
from httpapi.problems import Invalid
from pydantic import BaseModel
from starlette.responses import Response

from ingestion_service.http_api.bodies import whole
from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.filters import Wanted
from ingestion_service.http_api.quarantine import Reader, Settler
from ingestion_service.http_api.workbooks import XLSX_ANSWER, XLSX_BODY, sheet, workbook
from ingestion_service.model.quarantined import Filter
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.rules.sheet import is_note, note_of_left_off, table
from ingestion_service.use_cases.correct import Row, RowReport, correct
from ingestion_service.use_cases.settle import Signed

MOST_ROWS = 10_000
"""Rows of a sheet: what one transaction settles in a second or two; project-chosen."""
MOST_ORIGINALS = 64 * 1024**2
"""Bytes of the facts of one sheet."""
_LONGEST = 8 * 1024 * 1024
_RELEASED, _UNUSABLE = "released", "unusable"
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="at most this many rows, oldest first")]


class RowProblem(BaseModel):
    """What is still wrong in a row."""

    field: str
    problem: str
    expected: str


class RowOut(BaseModel):
    """What became of a row of the sheet; `row` as the spreadsheet counts."""

    row: int
    id: int
    outcome: str
    problems: list[RowProblem]


class CorrectedOut(BaseModel):
    """What became of a whole sheet, row by row."""

    released: int
    unusable: int
    untouched: int
    rows: list[RowOut]


def sheets_router(edge: Edge) -> APIRouter:
    """Routes of the sheet."""
    router = APIRouter(prefix="/v1", tags=["quarantine 隔离区"])

    @router.get(
        "/quarantine.xlsx",
        summary="The quarantine as a sheet (导出隔离清单)",
        responses=XLSX_ANSWER,
        response_class=Response,
    )
    async def export(caller: Reader, wanted: Wanted, limit: Limit = MOST_ROWS) -> Response:
        """Edit `subject`, `time` and the `data.` columns, and send it back to `corrections.xlsx`.

        Where there is more than the sheet holds, its last row, and `X-Rows-Left-Off`, say how much.
        """
        audit_read(caller, "quarantine")
        return await _sheet_of(edge, wanted, limit)

    @router.post(
        "/quarantine/corrections.xlsx",
        summary="Take an edited sheet back (导入更正后的隔离清单)",
        openapi_extra=XLSX_BODY,
    )
    async def take_back(request: Request, caller: Settler, once: OncePerKey) -> Response:
        """Edited rows are released as edited, all in one transaction; a row that is still unusable stays."""
        rows = _rows(await sheet(await whole(request, _LONGEST), MOST_ROWS + 1))
        bench = Bench(await edge.senders.everyone(), edge.latest_ms(), RELEASABLE_CODES)
        signed = Signed(caller.subject, edge.now_us(), "sheet")
        async with edge.open() as tx:

            async def work() -> CorrectedOut:
                return _out(await correct(rows, signed, bench, tx))

            return await once.answer(tx.idempotency, 200, work)

    return router


async def _sheet_of(edge: Edge, wanted: Filter, limit: int) -> Response:
    heads = await edge.quarantine.heads(wanted, 0, limit + 1)
    sizes = accumulate(head.original_bytes for head in heads[:limit])
    shown = tuple(head.id for head, size in zip(heads, sizes, strict=False) if size <= MOST_ORIGINALS)
    left_off = 0
    if len(shown) < len(heads):
        left_off = sum(heap.facts for heap in await edge.quarantine.counts(wanted)) - len(shown)
    facts = await edge.quarantine.page(replace(wanted, ids=shown), 0, len(shown))
    made = await asyncio.to_thread(table, facts)
    note = [[note_of_left_off(left_off, made.columns_left_off)]] if left_off or made.columns_left_off else []
    answer = await workbook("quarantine", made.header, [*made.rows, *note])
    if left_off:
        answer.headers["X-Rows-Left-Off"] = str(left_off)
    return answer


def _rows(found: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Row]:
    rows = [
        Row(number, _number(cells.get("id"), number), cells)
        for number, cells in found
        if not is_note(cells.get("id"))
    ]
    seen: dict[int, int] = {}
    for row in rows:
        if (first := seen.setdefault(row.id, row.number)) != row.number:
            raise _wrong(row.number, f"is the fact of row {first} again", "each fact once")
    return rows


def _number(cell: Any, row: int) -> int:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < 2**63):
        raise _wrong(row, "has no id", "the id that the sheet came with")
    return int(text)


def _wrong(row: int, problem: str, expected: str) -> Invalid:
    return Invalid(errors=[FieldError(f"body.row.{row}", problem, expected)])


def _out(reports: Sequence[RowReport]) -> CorrectedOut:
    rows = [
        RowOut(
            row=report.number,
            id=report.id,
            outcome=report.outcome.value,
            problems=[
                RowProblem(field=p.field, problem=p.problem, expected=p.expected) for p in report.problems
            ],
        )
        for report in reports
    ]
    outcomes = [row.outcome for row in rows]
    released, unusable = outcomes.count(_RELEASED), outcomes.count(_UNUSABLE)
    return CorrectedOut(
        released=released, unusable=unusable, untouched=len(rows) - released - unusable, rows=rows
    )
