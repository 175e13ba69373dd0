"""`creditloop replay USCC`: an entity's profile as of any moment, in two clocks."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from vocabulary.uscc import LENGTH, normalise

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import WrongUse
from creditloop_cli.local import require_up
from creditloop_cli.output import console, show_json
from creditloop_cli.services import Json, open_services


def replay(
    uscc: Annotated[str, typer.Argument(help="Unified social credit code (统一社会信用代码).")],
    stack: StackName = DEFAULT_STACK,
    *,
    valid_at: Annotated[
        str,
        typer.Option(
            help="As things were at the end of that day, YYYY-MM-DD; as it was told then when left out."
        ),
    ] = "",
    known_at: Annotated[
        str,
        typer.Option(
            help="By what was recorded until then, with its offset, such as 2026-03-01T12:00:00+08:00."
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    """Show an entity's profile as it was, or as it was known, at another time. Internal use."""
    code = normalise(uscc)
    if len(code) != LENGTH:
        raise WrongUse(f"'{uscc}' is no unified social credit code: it has {LENGTH} characters")
    profile = run(_read(stack, code, _asked(valid_at, known_at)))
    if json:
        show_json(profile)
    else:
        _show(profile)


def _asked(valid_at: str, known_at: str) -> dict[str, str]:
    if known_at:
        try:
            aware = datetime.fromisoformat(known_at).tzinfo is not None
        except ValueError:
            aware = False
        if not aware:
            raise WrongUse(
                f"--known-at '{known_at}' is no instant with its offset: 2026-03-01T12:00:00+08:00"
            )
    return {name: said for name, said in (("valid_at", valid_at), ("known_at", known_at)) if said}


async def _read(stack: str, code: str, asked: dict[str, str]) -> Json:
    local = await require_up(stack)
    async with open_services(local) as services:
        return await services.get("profiling", f"/v1/entities/{code}/profile", **asked)


def _show(profile: Json) -> None:
    how = "as told" if profile["as_told"] else "as it was"
    title = f"{profile['uscc']} {profile['name']} · {how} on {profile['valid_at']}, known by {profile['known_at']}"
    table = Table(title=title, caption=f"{len(profile['facts'])} facts, the newest {profile['newest_fact']}")
    for column in ("indicator", "指标", "value"):
        table.add_column(column, justify="right" if column == "value" else "left")
    for indicator in profile["indicators"]:
        if indicator["value"] != 0:
            shown = "not known" if indicator["value"] is None else f"{indicator['value']:g}"
            table.add_row(indicator["code"], indicator["zh"], shown)
    console().print(table)
