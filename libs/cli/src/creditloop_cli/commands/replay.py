"""`creditloop replay`: an entity's profile as of any moment, in two clocks; past decisions derived anew."""

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
    uscc: Annotated[str, typer.Argument(help="Unified social credit code (统一社会信用代码).")] = "",
    stack: StackName = DEFAULT_STACK,
    *,
    decision: Annotated[
        tuple[str, int],
        typer.Option(help="Derive this decision anew instead: USCC and its number.", metavar="USCC NUMBER"),
    ] = ("", 0),
    decisions: Annotated[
        int,
        typer.Option(help="Derive so many decisions anew instead, drawn by the seed.", min=0, max=100_000),
    ] = 0,
    every: Annotated[
        bool, typer.Option("--all-decisions", help="Derive every decision anew instead.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Which decisions are drawn.")] = 0,
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
    """Show an entity's profile as it was at another time, or hold past decisions against the books. Internal use.

    A decision is derived anew from its own row and the models that made it, and is the same byte for byte or not: then
    the command ends with 1.
    """
    if decision[1]:
        found = run(_derive_one(stack, _code(decision[0]), decision[1]))
        _tell_replayed(_tally_of(found), found, json=json)
    elif decisions or every:
        tally = run(_derive_many(stack, None if every else decisions, seed))
        _tell_replayed(tally, tally, json=json)
    else:
        profile = run(_read(stack, _code(uscc), _asked(valid_at, known_at)))
        if json:
            show_json(profile)
        else:
            _show(profile)


def _tally_of(found: Json) -> Json:
    without_points = int(not found["has_points"])
    return {
        "decisions": 1,
        "same": int(found["same"]),
        "without_points": without_points,
        "differing": [found],
    }


def _code(uscc: str) -> str:
    code = normalise(uscc)
    if len(code) != LENGTH:
        raise WrongUse(f"'{uscc}' is no unified social credit code: it has {LENGTH} characters")
    return code


async def _derive_one(stack: str, code: str, number: int) -> Json:
    local = await require_up(stack)
    async with open_services(local) as services:
        return await services.get("classification", f"/v1/entities/{code}/decisions/{number}/replay")


async def _derive_many(stack: str, decisions: int | None, seed: int) -> Json:
    local = await require_up(stack)
    async with open_services(local) as services:
        tally: Json = {"decisions": 0, "same": 0, "without_points": 0, "differing": []}
        cursor = None
        while True:
            order = {"decisions": decisions, "seed": seed, "cursor": cursor}
            page = await services.post("classification", "/v1/replays", order)
            for name in tally:
                tally[name] += page[name]
            if (cursor := page["next_cursor"]) is None:
                return tally


def _tell_replayed(tally: Json, answer: Json, *, json: bool) -> None:
    """Says how many came out the same; ends with 1 when one did not."""
    if json:
        show_json(answer)
    else:
        console().print(f"{tally['same']} of {tally['decisions']} decisions came out the same, byte for byte")
        if tally["without_points"]:
            console().print(
                f"{tally['without_points']} of them a monthly run made: points are not kept, the rest was compared"
            )
        for each in tally["differing"]:
            if not each["same"]:
                console().print(
                    f"{each['uscc']} {each['number']}: {', '.join(each['differs'])} by {each['judged_by']}"
                )
    if tally["same"] != tally["decisions"]:
        raise typer.Exit(1)


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
