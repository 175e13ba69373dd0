"""`creditloop model`: rule data of the services."""

import json as json_format
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from creditloop_cli.commands.options import AsJson
from creditloop_cli.errors import Refused, WrongUse
from creditloop_cli.output import console, show_json

app = typer.Typer(no_args_is_help=True, help="Rule data: indicators, facts, signals.", rich_markup_mode=None)


@app.callback()
def model() -> None:
    """Rule data: indicators, facts, signals."""


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Packs of profiling; those this version ships with when left out.")
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Say whether the rule data of profiling can be used, and what it holds."""
    if folder is not None and not folder.is_dir():
        raise WrongUse(f"'{folder}' is no folder")
    found = _found(folder)
    if json:
        show_json(found)
    elif found["usable"]:
        _show(found)
    if not found["usable"]:
        raise Refused(f"cannot be used: {found['problem']}")


def _found(folder: Path | None) -> dict[str, object]:
    """What the service itself says: it alone reads its rule data."""
    command = [sys.executable, "-m", "profiling_service.check", *([str(folder)] if folder else [])]
    said = subprocess.run(  # noqa: S603 - our own module, and a folder that was looked at
        command, capture_output=True, text=True, check=False
    )
    if said.returncode not in (0, 1) or not said.stdout:
        raise Refused(f"the check itself failed: {said.stderr.strip().splitlines()[-1:]}")
    found: dict[str, object] = json_format.loads(said.stdout)
    return found


def _show(found: dict[str, object]) -> None:
    table = Table(title="rule data of profiling: usable")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in found.items():
        if isinstance(figure, dict):
            for part, count in figure.items():
                table.add_row(f"{name}: {part}", str(count))
        elif name != "usable":
            table.add_row(name.replace("_", " "), str(figure))
    console().print(table)
