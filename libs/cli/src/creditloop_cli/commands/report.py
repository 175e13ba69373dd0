"""`creditloop report registry FILE`: what a registry's file is worth."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from creditloop_cli.commands.options import AsJson
from creditloop_cli.errors import WrongUse
from creditloop_cli.loading.registry import read_rows
from creditloop_cli.output import console, progress, say, show_json
from creditloop_cli.reporting.register import Report, report
from creditloop_cli.reporting.show import markdown, print_report

app = typer.Typer(no_args_is_help=True, help="Report on the quality of files.")


@app.callback()
def reports() -> None:
    """Report on the quality of files."""


@app.command()
def registry(
    file: Annotated[Path, typer.Argument(help="The registry's .csv or .csv.gz.")],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write the report here, as Markdown.", dir_okay=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """Report on a registry: codes, duplicates, fields, industries and clusters; each figure with its definition."""
    found = _read(file)
    if output is not None:
        _write(output, markdown(found, file.name))
        say(f"written: {output}")
    if json:
        show_json(found.document())
    elif output is None:
        print_report(found, console())


def _read(file: Path) -> Report:
    with progress() as bars:
        task = bars.add_task("rows", total=None)
        return report(read_rows(file), datetime.now(UTC).date(), lambda: bars.advance(task))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"cannot write {path}: {error.strerror}") from error
