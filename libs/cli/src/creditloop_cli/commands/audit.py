"""`creditloop audit`: the books of all services compared, key by key."""

from typing import Annotated

import typer
from booksaudit.report import Audit
from booksaudit.report import audit as audit_stack
from rich.table import Table

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.local import require_up
from creditloop_cli.output import console, say, show_json
from creditloop_cli.services import open_services

_EXAMPLES_SHOWN = 5


def audit(
    wait_s: Annotated[
        float, typer.Option("--wait-s", min=0, help="Wait at most so long for facts in flight.")
    ] = 60.0,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Compare the books of all services: nothing lost, nothing doubled, no dead letter."""
    found = run(_audit(stack, wait_s))
    if json:
        show_json(found.document())
    else:
        _show(found)
    if not found.whole:
        raise typer.Exit(1)


async def _audit(stack: str, wait_s: float) -> Audit:
    local = await require_up(stack)
    async with open_services(local) as services:
        return await audit_stack(services.get, wait_s)


def _show(found: Audit) -> None:
    table = Table("books", "left", "right", "lost", "doubled", box=None, pad_edge=False)
    for each in found.compared:
        difference = each.difference
        counts = (each.left_rows, each.right_rows, difference.lost, difference.doubled)
        table.add_row(str(each.pair), *(f"{count:,}" for count in counts))
        for example in difference.examples[:_EXAMPLES_SHOWN]:
            table.add_row(f"    {example}")
    console().print(table)
    for unread in found.unread[:_EXAMPLES_SHOWN]:
        say(f"unread: {unread}")
    document = found.document()
    names = ("accepted", "recorded", "decided", "lost", "doubled", "dead_letters")
    console().print("  ".join(f"{name} {document[name]:,}" for name in names))
    console().print(f"compared {len(found.compared)} pairs of books and {found.lanes} lanes by partition")
