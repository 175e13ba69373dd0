"""`creditloop model`: rule data of the services."""

import json as json_format
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from vocabulary.calendar import business_date

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import Refused, WrongUse
from creditloop_cli.evaluating.call import Asked, evaluated
from creditloop_cli.evaluating.learn import ToLearn, proposed, show_proposal
from creditloop_cli.evaluating.show import show
from creditloop_cli.local import require_up
from creditloop_cli.output import console, say, show_json
from creditloop_cli.services import Json, open_services
from creditloop_cli.what_ifs import show_what_if

app = typer.Typer(
    no_args_is_help=True, help="Rule data: indicators, facts, signals, risk models.", rich_markup_mode=None
)

evaluate = typer.Typer(
    no_args_is_help=True, help="Learn from outcomes, and measure it.", rich_markup_mode=None
)
app.add_typer(evaluate, name="evaluate")


@evaluate.callback()
def evaluations() -> None:
    """Learn from outcomes, and measure it."""


@app.callback()
def model() -> None:
    """Rule data: indicators, facts, signals, risk models."""


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="Packs of profiling (a folder), or a risk model (a file); the packs shipped when left out."
        ),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Say whether rule data can be used, and what it holds: profiling's packs, or a risk model with line and reason."""
    if path is not None and not path.exists():
        raise WrongUse(f"'{path}' is neither folder nor file")
    is_model = path is not None and path.is_file()
    found = _found("classification_service.check" if is_model else "profiling_service.check", path)
    if json:
        show_json(found)
    elif found["usable"]:
        _show("risk model" if is_model else "rule data of profiling", found)
    if not found["usable"]:
        raise Refused(f"cannot be used: {_reasons(found)}")


@evaluate.command()
def chicago(
    *,
    inspections: Annotated[
        Path | None, typer.Option(help="Inspections with outcomes, .csv or .csv.gz.")
    ] = None,
    context: Annotated[Path | None, typer.Option(help="What was known before each of them.")] = None,
    train_until: Annotated[str, typer.Option(metavar="DATE", help="Last day to learn from.")] = "2013-06-30",
    test_from: Annotated[str, typer.Option(metavar="DATE", help="First day to rank.")] = "2013-07-01",
    test_to: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day to rank; that of the files when left out.")
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a report here.")] = None,
    scorecard: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="Write the scorecard here: a document, no model to load."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Learn from Chicago's food inspections and rank later ones, against what is simpler and what was done."""
    asked = Asked(
        inspections=inspections,
        context=context,
        train_until=_day(train_until),
        test_from=_day(test_from),
        test_to=_day(test_to) if test_to else None,
        report=report,
        scorecard=scorecard,
    )
    document = evaluated("chicago", asked)
    for written in (report, scorecard):
        if written:
            say(f"written: {written}")
    if json:
        show_json(document)
    else:
        show(document, console())


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise WrongUse(f"'{text}' is no day such as 2013-06-30") from None


@app.command()
def learn(
    code: Annotated[str, typer.Argument(help="Of the model in force to revise.")] = "general",
    stack: StackName = DEFAULT_STACK,
    *,
    valid_from: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First day the draft could judge; tomorrow when left out."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of visits; every day when left out.")
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a report here.")] = None,
    draft: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Write the draft here.")] = None,
    save: Annotated[bool, typer.Option(help="Save it among the drafts where it ranks better.")] = True,
    json: AsJson = False,
) -> None:
    """Revise a model by what the city's own inspections found, and propose it as a draft; it never promotes itself."""
    today = business_date(datetime.now(UTC))
    asked = ToLearn(
        code=code,
        today=today,
        valid_from=_day(valid_from) if valid_from else today + timedelta(days=1),
        until=_day(until) if until else None,
        report=report,
        draft=draft,
    )
    answer = run(proposed(stack, asked, save=save))
    if json:
        show_json(answer)
    else:
        show_proposal(answer, console())


@app.command("what-if")
def what_if(
    file: Annotated[Path, typer.Argument(help="The draft: a model's YAML.", dir_okay=False, exists=True)],
    stack: StackName = DEFAULT_STACK,
    *,
    snapshot: Annotated[
        int,
        typer.Option(min=0, help="Which snapshot; the newest when left out, taken now where there is none."),
    ] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Take the city as it stands now first.")] = False,
    json: AsJson = False,
) -> None:
    """What a draft would do to the city: class mix, who moves, visits, and what it would have found."""
    if fresh and snapshot:
        raise WrongUse("--fresh takes a snapshot of its own: leave --snapshot out")
    answer = run(_tried(stack, file.read_text(encoding="utf-8"), snapshot, fresh=fresh))
    if json:
        show_json(answer)
    else:
        show_what_if(answer, console())


async def _tried(stack: str, draft: str, snapshot: int, *, fresh: bool) -> Json:
    local = await require_up(stack)
    async with open_services(local) as services:
        if not snapshot:
            known = await services.get("classification", "/v1/snapshots", limit=1)
            if fresh or not known["items"]:
                snapshot = (await services.post("classification", "/v1/snapshots"))["id"]
        asked = {"model": draft, **({"snapshot_id": snapshot} if snapshot else {})}
        return await services.post("classification", "/v1/models/what-if", asked)


def _found(module: str, path: Path | None) -> dict[str, Any]:
    """What the service itself says: it alone reads its rule data."""
    command = [sys.executable, "-m", module, *([str(path)] if path else [])]
    said = subprocess.run(  # noqa: S603 - our own module, and a path that was looked at
        command, capture_output=True, text=True, check=False
    )
    if said.returncode not in (0, 1) or not said.stdout:
        raise Refused(f"the check itself failed: {said.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json_format.loads(said.stdout)
    return found


def _reasons(found: dict[str, Any]) -> str:
    """The one problem of packs, or every problem of a model with its line."""
    if "problem" in found:
        return str(found["problem"])
    return "".join(f"\n  {_reason(each)}" for each in found["problems"])


def _reason(problem: dict[str, Any]) -> str:
    parts = (f"line {problem['line']}" if problem["line"] else "", problem["place"], problem["reason"])
    return ": ".join(filter(None, parts))


def _show(what: str, found: dict[str, Any]) -> None:
    table = Table(title=f"{what}: usable")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in found.items():
        if isinstance(figure, dict):
            for part, count in figure.items():
                table.add_row(f"{name}: {part}", str(count))
        elif name != "usable":
            table.add_row(name.replace("_", " "), str(figure))
    console().print(table)
