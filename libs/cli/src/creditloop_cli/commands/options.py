"""Options that commands share."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

StackName = Annotated[str, typer.Option("--stack", metavar="NAME", help="Which local stack.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for machines.")]
DEFAULT_STACK = "default"


def run(work: Coroutine[object, object, T]) -> T:
    """The result of a command's asynchronous work."""
    return asyncio.run(work)
