"""`creditloop load registry` and `creditloop load inspections`: real files, from row to fact."""

import time
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import Refused
from creditloop_cli.loading import inspections as chicago
from creditloop_cli.loading import registry as chengdu
from creditloop_cli.loading.batch import Batch
from creditloop_cli.loading.post import Advance, post_facts
from creditloop_cli.loading.tally import Tally
from creditloop_cli.local import require_up
from creditloop_cli.output import console, progress, say, show_json
from creditloop_cli.sources import source_key

app = typer.Typer(no_args_is_help=True, help="Load facts from files.")
Size = Annotated[int, typer.Option("--batch", min=1, max=10_000, help="Facts in one request.")]
DEFAULT_SIZE = 1000


@app.command()
def registry(
    file: Annotated[Path, typer.Argument(help="The registry's .csv or .csv.gz.")],
    batch: Size = DEFAULT_SIZE,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Load a registry: every row becomes one fact; nothing is added to what it says."""
    _load(stack, chengdu.SOURCE, chengdu.batches(file, batch), as_json=json)


@app.command()
def inspections(
    file: Annotated[Path, typer.Argument(metavar="INSPECTIONS", help="Inspections with their results.")],
    context: Annotated[Path, typer.Argument(help="What was known before them.")],
    batch: Size = DEFAULT_SIZE,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Load the City of Chicago's food inspections: a licence becomes an entity with a synthetic code."""
    _load(stack, chicago.SOURCE, chicago.batches(file, context, batch), as_json=json)


def _load(stack: str, source: str, placed: Iterator[tuple[int, Batch]], *, as_json: bool) -> None:
    """The file is opened first: one that cannot be read is told of whether the stack is up or not."""
    first = next(placed, None)
    with progress() as bars:
        task = bars.add_task("rows", total=None)

        def advance(facts: int) -> None:
            bars.advance(task, facts)

        tally, seconds = run(_post(stack, source, chain([first] if first else [], placed), advance))
    _show(tally, seconds, as_json=as_json)
    if tally.read != tally.answered:
        raise Refused(f"{tally.read} facts were read and {tally.answered} answered")
    if tally.rejected:
        raise Refused(f"{tally.rejected} facts were rejected, such as: {tally.rejections[0]}")


async def _post(
    stack: str, source: str, placed: Iterable[tuple[int, Batch]], advance: Advance
) -> tuple[Tally, float]:
    """What became of the facts, and the seconds it took to read, post and make them durable."""
    local = await require_up(stack)
    keys = {source: source_key(local.layout.state, source)}
    began = time.monotonic()
    tally = await post_facts(local.service_url("ingestion"), keys, placed, advance=advance)
    return tally, time.monotonic() - began


def _show(tally: Tally, seconds: float, *, as_json: bool) -> None:
    rate = round(tally.answered / seconds, 1) if seconds else 0.0
    if as_json:
        counts = {"read": tally.read, **tally.counts(), "rows_per_s": rate, "seconds": round(seconds, 3)}
        show_json({**counts, "reasons": tally.reasons})
        return
    table = Table("read", "accepted", "duplicate", "quarantined", "rejected", "rows_per_s", box=None)
    table.add_row(str(tally.read), *(str(each) for each in tally.counts().values()), str(rate))
    console().print(table)
    for reason, count in sorted(tally.reasons.items()):
        say(f"  {count} × {reason}")
