"""`creditloop bench`: measured figures, each with its floor and calibration."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from booksaudit.report import audit
from localstack import Stack
from rich.table import Table
from vocabulary.calendar import BUSINESS_ZONE

from creditloop_cli.bench import reclassify as city_as_one
from creditloop_cli.bench import search as searching
from creditloop_cli.bench.books import books
from creditloop_cli.bench.loop import Bench, Figures, Plan
from creditloop_cli.bench.stream import city
from creditloop_cli.bench.target import Addresses, Target
from creditloop_cli.commands.options import AsJson, run
from creditloop_cli.demo.fresh import start_fresh
from creditloop_cli.local import local_stack
from creditloop_cli.output import console, say, show_json
from creditloop_cli.services import open_services
from creditloop_cli.sources import source_key

app = typer.Typer(
    no_args_is_help=True, help="Measure; every figure with its floor, in one run.", rich_markup_mode=None
)

_PARTITIONS = 4


@app.callback()
def bench() -> None:
    """Measure; every figure with its floor, in one run."""


@app.command("loop")
def loop(
    entities: Annotated[int, typer.Option(min=1000, help="Fictional entities, registered first.")] = 200_000,
    seconds: Annotated[float, typer.Option(min=1, help="How long to post at full load.")] = 120.0,
    latency_s: Annotated[
        float, typer.Option("--latency-s", min=1, help="How long to post at half load.")
    ] = 60.0,
    floor_facts: Annotated[
        int, typer.Option("--floor-facts", min=1000, help="Facts for each floor.")
    ] = 600_000,
    seed: int = 1,
    stack: Annotated[str, typer.Option("--stack", help="Which local stack; it is emptied first.")] = "bench",
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running.")] = False,
    json: AsJson = False,
) -> None:
    """Facts per second from post to class, sustained; the bare floor; latency at half load; then the audit."""
    plan = Plan(entities, seconds, latency_s, seed, floor_facts)
    figures, found = run(_loop(local_stack(stack), plan, keep=keep))
    if json:
        show_json({**figures.as_json(), **found})
    else:
        _show(figures, found)
    if found["lost"] or found["doubled"] or found["dead_letters"]:
        raise typer.Exit(1)


@app.command("reclassify")
def reclassify(
    entities: Annotated[int, typer.Option(min=1000, help="Fictional entities of the city.")] = 4_000_000,
    national: Annotated[int, typer.Option(min=1000, help="Fictional entities of the country.")] = 60_000_000,
    seed: int = 1,
    stack: Annotated[str, typer.Option("--stack", help="Which local stack.")] = "bench",
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running.")] = False,
    json: AsJson = False,
) -> None:
    """The city as one set: what-if, two monthly runs until their last event is published, and a country in a stream."""
    plan = city_as_one.Plan(entities, national, seed)
    target = local_stack(stack)
    figures = run(_as_it_was(target, lambda: city_as_one.measure(target, plan), keep=keep))
    if json:
        show_json(figures)
    else:
        _show_all(figures)
    if not figures["books_agree"]:
        raise typer.Exit(1)


@app.command("search")
def search(
    entities: Annotated[int, typer.Option(min=1000, help="Fictional entities.")] = 1_000_000,
    questions: Annotated[int, typer.Option(min=100, help="How often somebody searches.")] = 2000,
    seed: int = 1,
    stack: Annotated[str, typer.Option("--stack", help="Which local stack.")] = "bench",
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running.")] = False,
    json: AsJson = False,
) -> None:
    """How long a search takes, by what is typed: whole, in part, with a slip, and words that all have."""
    plan = searching.Plan(entities, questions, seed)
    target = local_stack(stack)
    figures = run(_as_it_was(target, lambda: searching.measure(target, plan), keep=keep))
    if json:
        show_json(figures)
    else:
        _show_all(figures)


async def _as_it_was(
    stack: Stack, measure: Callable[[], Awaitable[dict[str, Any]]], *, keep: bool
) -> dict[str, Any]:
    """The figures; a stack that ran before goes on running."""
    ran_before = any(each.pid for each in await stack.status())
    try:
        return await measure()
    finally:
        if not keep and not ran_before:
            await stack.down()


def _show_all(figures: dict[str, Any]) -> None:
    table = Table("figure", "value", box=None, pad_edge=False)
    for name, value in figures.items():
        table.add_row(name, f"{value:,}" if isinstance(value, (int, float)) else str(value))
    console().print(table)


async def _loop(stack: Stack, plan: Plan, *, keep: bool) -> tuple[Figures, dict[str, int]]:
    await start_fresh(stack)
    try:
        async with bench_target(stack) as target:
            town = city(plan.entities, datetime.now(BUSINESS_ZONE).date())
            pids = {process.name: process.pid for process in await stack.status() if process.pid}
            figures, posted = await Bench(target, plan, town, stack.admin_database_url, pids, say).run()
            return figures, books(await audit(target.services.get, 120), posted)
    finally:
        if not keep:
            await stack.destroy()


@asynccontextmanager
async def bench_target(stack: Stack) -> AsyncIterator[Target]:
    """The stack, as a source named `bench` that posts to it."""
    addresses = Addresses(stack.kafka, _PARTITIONS, source_key(stack.layout.state, "bench"))
    async with open_services(stack) as services, Target(addresses, services) as target:
        yield target


def _show(figures: Figures, found: dict[str, int]) -> None:
    table = Table("figure", "value", box=None, pad_edge=False)
    for name, value in {**figures.as_json(), **found}.items():
        table.add_row(name, f"{value:,}")
    console().print(table)
