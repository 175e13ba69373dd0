"""`creditloop files`: a source's own files, from upload to ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import Refused, WrongUse
from creditloop_cli.loading import files
from creditloop_cli.loading.files import Moved
from creditloop_cli.local import require_up
from creditloop_cli.output import console, progress, say, show_json
from creditloop_cli.services import Json, open_services

app = typer.Typer(no_args_is_help=True, help="Check and load files of a source, by a mapping.")
_PARTS = 1000
_COUNTS = ("rows", "accepted", "duplicate", "quarantined", "rejected")
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Whose facts the file has.")]
MappingName = Annotated[str, typer.Option("--mapping", metavar="NAME", help="How its columns are read.")]
FileId = Annotated[str, typer.Argument(metavar="ID", help="What `files upload` told.")]
EveryRow = Annotated[bool, typer.Option("--every-row", help="List rows without fault in the report too.")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE.xlsx", help="Where the report goes.")]


@app.command("map")
def map_(
    file: Annotated[Path, typer.Argument(metavar="MAPPING.json", help="See docs/files.md.")],
    source: Source,
    mapping: MappingName,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Write a mapping: how the columns of a source's files become facts."""
    body = _read(file)

    async def work() -> Json:
        async with open_services(await require_up(stack)) as services:
            return await files.write_mapping(services, source, mapping, body)

    told = run(work())
    if json:
        show_json(told)
    else:
        say(f"{source}/{mapping} is at version {told['version']}")


@app.command()
def suggest(
    file: Annotated[Path, typer.Argument(help="A file with a header.")],
    source: Source,
    fact_type: Annotated[str, typer.Option("--type", metavar="FACT_TYPE", help="What each row is.")],
    stack: StackName = DEFAULT_STACK,
) -> None:
    """Propose a mapping from a file's header, as JSON; look it through before it is used."""
    _read(file, 0)

    async def work() -> Json:
        async with open_services(await require_up(stack)) as services:
            return await files.suggest_mapping(services, source, fact_type, file)

    show_json(run(work()))


@app.command()
def upload(
    file: Annotated[Path, typer.Argument(help=".csv, .xlsx, .ndjson or .parquet")],
    source: Source,
    mapping: MappingName,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Send a file, in chunks; nothing is recorded yet."""

    async def work(moved: Moved) -> Json:
        async with open_services(await require_up(stack)) as services:
            return await files.upload(services, file, source, mapping, moved)

    with _bar("upload") as moved:
        told = run(work(moved))
    if json:
        show_json(told)
    else:
        console().print(told["id"])


@app.command()
def check(
    file_id: FileId,
    report: Report = None,
    stack: StackName = DEFAULT_STACK,
    *,
    every_row: EveryRow = False,
    json: AsJson = False,
) -> None:
    """Judge every row as a load would, and record nothing."""
    _job(stack, file_id, "check", report, every_row=every_row, as_json=json)


@app.command()
def load(
    file_id: FileId,
    report: Report = None,
    stack: StackName = DEFAULT_STACK,
    *,
    every_row: EveryRow = False,
    json: AsJson = False,
) -> None:
    """Record the facts of a file; loaded twice, it counts once."""
    _job(stack, file_id, "load", report, every_row=every_row, as_json=json)


def _job(stack: str, file_id: str, kind: str, report: Path | None, *, every_row: bool, as_json: bool) -> None:
    async def work(moved: Moved) -> Json:
        async with open_services(await require_up(stack)) as services:
            job = await files.do_job(services, file_id, kind, every_row=every_row, moved=moved)
            if report is not None:
                await files.save_report(services, file_id, report)
            return job

    with _bar(kind) as moved:
        job = run(work(moved))
    _show(job, as_json=as_json)
    if job["state"] != "done":
        problem = job["problem"] or {"field": "the job", "problem": f"was {job['state']}", "expected": ""}
        raise Refused(f"{problem['field']} {problem['problem']}. Expected: {problem['expected']}")


def _show(job: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(job)
        return
    table = Table(*_COUNTS, "rows_per_s", box=None)
    table.add_row(*(str(job[name]) for name in _COUNTS), str(job["rows_per_s"] or ""))
    console().print(table)
    for reason in job["reasons"]:
        say(f"  {reason['rows']} × {reason['verdict']}: {reason['field']} {reason['problem']}")


@contextmanager
def _bar(name: str) -> Iterator[Moved]:
    with progress() as bars:
        task = bars.add_task(name, total=_PARTS)
        yield lambda share: bars.update(task, completed=round(share * _PARTS))


def _read(file: Path, most: int = -1) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from error
