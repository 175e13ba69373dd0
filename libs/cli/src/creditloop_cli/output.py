"""What people and machines are shown: progress and remarks on stderr, results on stdout."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


def say(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"{text}\n")


def show_json(document: Mapping[str, object]) -> None:
    """The one JSON object of a command, on stdout."""
    sys.stdout.write(msgspec.json.encode(document).decode() + "\n")


def show_text(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(f"{text}\n")


def console() -> Console:
    """For tables and trees of people, on stdout; at least wide enough for them when piped."""
    found = Console(highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(highlight=False, width=140)


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars on stderr, for people only: nothing is drawn where stderr is no terminal."""
    err = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bars:
        yield bars
