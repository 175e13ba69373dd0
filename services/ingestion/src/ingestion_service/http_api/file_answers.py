"""What is told of a file and of its newest job."""

from datetime import datetime, timedelta
from uuid import UUID

from httpapi import Page
from pydantic import BaseModel, Field

from ingestion_service.http_api.files_edge import FilesEdge
from ingestion_service.model.file import File, FileState, Job, Listed
from ingestion_service.model.verdict import Outcome
from ingestion_service.rules.report import reason_rows


class ReasonOut(BaseModel):
    """How many rows got a verdict for a reason."""

    verdict: str
    field: str
    problem: str
    rows: int


class ProblemOut(BaseModel):
    """Why a job failed."""

    field: str
    problem: str
    expected: str


class RowOut(BaseModel):
    """One thing that is wrong with a row; a row has as many of them as things are wrong."""

    row: int = Field(description="its number as the spreadsheet shows it")
    verdict: str
    column: str
    field: str
    problem: str = Field(description="empty for a row without fault")
    expected: str
    cells: list[str] = Field(description="the row's cells, in order of `header`")


class RowsOut(Page[RowOut]):
    """Rows of the newest job; a page may have fewer than asked for, or none, though more follow."""

    header: list[str]


class JobOut(BaseModel):
    """A check (试运行) or a load (入库): how far it is, and what became of the rows."""

    kind: str
    state: str
    mapping_version: int
    rows: int
    accepted: int
    duplicate: int
    quarantined: int
    rejected: int
    share: float = Field(description="how much of the file is done with, 0 to 1")
    rows_per_s: float | None
    estimated_end: datetime | None
    ended_at: datetime | None
    reasons: list[ReasonOut]
    problem: ProblemOut | None


class FileOut(BaseModel):
    """A file, and its newest job."""

    id: UUID
    source: str
    mapping: str
    name: str
    size: int
    received: int
    sha256: str | None
    state: str
    upload_url: str
    created_by: str
    created_at: datetime
    job: JobOut | None


def row_out(listed: Listed) -> RowOut:
    """A line of a listing."""
    return RowOut(**{name: getattr(listed, name) for name in RowOut.model_fields})


async def file_out(edge: FilesEdge, file: File) -> FileOut:
    """The answer for a file."""
    whole = file.state is FileState.COMPLETE
    job = await edge.jobs.latest(file.id)
    return FileOut(
        id=file.id,
        source=file.source,
        mapping=file.mapping,
        name=file.name,
        size=file.size,
        received=file.size if whole else await edge.disk.length(file.id),
        sha256=file.sha256.hex() if file.sha256 else None,
        state=file.state.value,
        upload_url=f"/v1/files/{file.id}/content",
        created_by=file.created_by,
        created_at=file.created_at,
        job=None if job is None else _job_out(job, edge.now()),
    )


def _job_out(job: Job, now: datetime) -> JobOut:
    rate, end = _pace(job, now)
    return JobOut(
        kind=job.kind.value,
        state=job.state.value,
        mapping_version=job.mapping_version,
        rows=job.rows,
        **{outcome.value: job.counts.get(outcome, 0) for outcome in Outcome},
        share=round(job.share, 4),
        rows_per_s=rate,
        estimated_end=end,
        ended_at=job.ended_at,
        reasons=[
            ReasonOut(verdict=verdict, field=field, problem=problem, rows=rows)
            for verdict, field, problem, rows in reason_rows(job.reasons)
        ],
        problem=None
        if job.problem is None
        else ProblemOut(field=job.problem.field, problem=job.problem.problem, expected=job.problem.expected),
    )


def _pace(job: Job, now: datetime) -> tuple[float | None, datetime | None]:
    """Rows a second since its present owner began; when all will be done at this pace."""
    if job.begun_at is None:
        return None, None
    seconds = ((job.ended_at or now) - job.begun_at).total_seconds()
    done = job.rows - job.begun_rows
    if seconds <= 0 or done <= 0:
        return None, None
    rate = round(done / seconds, 1)
    if job.state.ended or not job.share:
        return rate, None
    left = job.rows * (1 - job.share) / job.share
    return rate, now + timedelta(seconds=left / (done / seconds))
