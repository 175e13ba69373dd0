"""`creditloop demo`: a fictional city goes once round the loop."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from creditloop_cli.city.generate import DEFAULT_ENTITIES, DEFAULT_SEED
from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.demo.journey import Order, turn
from creditloop_cli.demo.report import show
from creditloop_cli.errors import WrongUse
from creditloop_cli.local import local_stack
from creditloop_cli.output import show_json

_CHENGDU = ZoneInfo("Asia/Shanghai")


def demo(
    entities: Annotated[
        int, typer.Option(min=200, max=1_000_000, help="Entities of the city.")
    ] = DEFAULT_ENTITIES,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same city.")] = DEFAULT_SEED,
    today: Annotated[str | None, typer.Option(metavar="DATE", help="Business day; today in Chengdu.")] = None,
    stack: StackName = DEFAULT_STACK,
    *,
    json: AsJson = False,
) -> None:
    """Start everything, load a fictional city, turn the loop once, and tell what happened. Empties the stack first."""
    day = _day(today)
    story = run(turn(local_stack(stack, first_day=day), Order(entities, seed, day, stack)))
    if json:
        show_json(story.document())
    else:
        show(story)
    if story.draw.findings:
        raise typer.Exit(1)


def _day(text: str | None) -> date:
    """The business day meant.

    Raises:
        WrongUse: It is no date, or lies in the future.
    """
    now = datetime.now(_CHENGDU).date()
    if text is None:
        return now
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"--today must be a date such as {now.isoformat()}, not '{text}'") from error
    if day > now:
        raise WrongUse(f"--today must not lie in the future: {now.isoformat()} at the latest")
    return day
