"""`creditloop verify-draw FILE`: does this draw follow from its commitment? Needs nothing but the file."""

from pathlib import Path
from typing import Annotated

import honestdraw
import typer

from creditloop_cli.commands.options import AsJson
from creditloop_cli.errors import WrongUse
from creditloop_cli.output import show_json, show_text

Commitment = Annotated[
    str | None,
    typer.Option(metavar="SHA256", help="The commitment as it was published before the seed was known."),
]


def verify_draw(
    file: Annotated[Path, typer.Argument(help="The draw, as sampling published it.")],
    *,
    commitment: Commitment = None,
    json: AsJson = False,
) -> None:
    """Verify a draw from its file alone; every reason not to believe it is named with its place."""
    findings = honestdraw.verify(read(file), commitment)
    if json:
        listed = [{"where": each.where, "what": each.what} for each in findings]
        show_json({"file": str(file), "accepted": not findings, "findings": listed})
    else:
        for each in findings:
            show_text(str(each))
        show_text("refused" if findings else _accepted(commitment))
    if findings:
        raise typer.Exit(1)


def _accepted(commitment: str | None) -> str:
    which = "this commitment" if commitment is None else f"commitment {commitment}"
    return f"accepted: the draw is honest if {which} was published before the seed was known"


def read(file: Path) -> bytes:
    """The file's bytes.

    Raises:
        WrongUse: It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"cannot read {file}: {error.strerror}") from error
