"""`creditloop chaos`: kill everything, several times, and see whether the books still agree."""

from datetime import datetime
from typing import Annotated

import typer
from booksaudit.report import audit
from localstack import Stack
from vocabulary.calendar import BUSINESS_ZONE

from creditloop_cli.bench.books import books
from creditloop_cli.chaos.run import Plan, disturb
from creditloop_cli.commands.bench import bench_target
from creditloop_cli.commands.options import AsJson, run
from creditloop_cli.demo.fresh import start_fresh
from creditloop_cli.local import local_stack
from creditloop_cli.output import say, show_json, show_text


def chaos(
    rounds: Annotated[int, typer.Option(min=1, help="How often each process is killed.")] = 5,
    rate: Annotated[float, typer.Option(min=100, help="Facts posted per second meanwhile.")] = 1000.0,
    entities: Annotated[int, typer.Option(min=100, help="Fictional entities.")] = 20_000,
    seed: int = 1,
    stack: Annotated[str, typer.Option("--stack", help="Which local stack; it is emptied first.")] = "chaos",
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running.")] = False,
    json: AsJson = False,
) -> None:
    """SIGKILL each service, the broker and PostgreSQL at random under load, then audit."""
    found = run(_chaos(local_stack(stack), Plan(rounds, rate, entities, seed), keep=keep))
    if json:
        show_json(found)
    else:
        for name, value in found.items():
            show_text(f"{name:20} {value}")
    if found["lost"] or found["doubled"] or found["dead_letters"]:
        raise typer.Exit(1)


async def _chaos(stack: Stack, plan: Plan, *, keep: bool) -> dict[str, object]:
    await start_fresh(stack)
    try:
        async with bench_target(stack) as target:
            outcome = await disturb(stack, target, plan, datetime.now(BUSINESS_ZONE).date(), say)
            found = books(await audit(target.services.get, 120), outcome.posted)
    finally:
        if not keep:
            await stack.destroy()
    return {
        "kills": sum(outcome.kills.values()),
        **found,
        "recovery_s_max": round(max(outcome.recoveries_s), 2),
        "kills_by_process": outcome.kills,
    }
