"""`creditloop follow USCC`: one entity's whole way, service by service."""

from typing import Annotated

import typer
from vocabulary.uscc import LENGTH, normalise

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import Refused, WrongUse
from creditloop_cli.follow.reading import Way, read_way
from creditloop_cli.follow.show import document, show
from creditloop_cli.local import require_up
from creditloop_cli.output import show_json
from creditloop_cli.services import open_services


def follow(
    uscc: Annotated[str, typer.Argument(help="Unified social credit code (统一社会信用代码).")],
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Show an entity's whole way: every fact, what each service made of it, its class and why. Internal use."""
    code = normalise(uscc)
    if len(code) != LENGTH:
        raise WrongUse(f"'{uscc}' is no unified social credit code: it has {LENGTH} characters")
    way = run(_read(stack, code))
    if not way.steps:
        raise Refused(f"no service of stack '{stack}' knows {code}")
    if json:
        show_json(document(way))
    else:
        show(way)


async def _read(stack: str, code: str) -> Way:
    local = await require_up(stack)
    async with open_services(local) as services:
        return await read_way(services, code)
