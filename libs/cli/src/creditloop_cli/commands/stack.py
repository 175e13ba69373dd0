"""`creditloop up`, `down` and `status`."""

from typing import Annotated

import msgspec
import typer
from localstack import ProcessStatus
from localstack.services import CONSOLE
from rich.table import Table

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.errors import NotUp
from creditloop_cli.local import local_stack, state_folder
from creditloop_cli.output import console, say, show_json, show_text


def up(stack: StackName = DEFAULT_STACK, *, json: AsJson = False) -> None:
    """Start PostgreSQL, Kafka, the six services and the console; what runs already stays."""
    local = local_stack(stack)
    run(local.up(progress=say))
    _show(stack, run(local.status()), as_json=json)


def down(
    stack: StackName = DEFAULT_STACK,
    *,
    destroy: Annotated[bool, typer.Option("--destroy", help="Delete the data too.")] = False,
    json: AsJson = False,
) -> None:
    """End every process that was started; data stay."""
    local = local_stack(stack)
    run(local.destroy(progress=say) if destroy else local.down(progress=say))
    if json:
        show_json({"stack": stack, "down": True, "destroyed": destroy})


def status(stack: StackName = DEFAULT_STACK, *, json: AsJson = False) -> None:
    """Name, pid, address and health of every process of the stack."""
    statuses = run(local_stack(stack).status())
    if not statuses:
        raise NotUp(f"stack '{stack}' is not up: start it with `creditloop up --stack {stack}`")
    _show(stack, statuses, as_json=json)
    if any(each.health != "ready" for each in statuses):
        raise typer.Exit(1)


def _show(stack: str, statuses: list[ProcessStatus], *, as_json: bool) -> None:
    if as_json:
        show_json({"stack": stack, "processes": [msgspec.structs.asdict(each) for each in statuses]})
        return
    table = Table("process", "pid", "address", "health", "up for", "log", box=None, pad_edge=False)
    for each in statuses:
        uptime = f"{each.uptime_s:.0f} s" if each.uptime_s is not None else "-"
        table.add_row(each.name, str(each.pid or "-"), each.address, each.health, uptime, each.log)
    console().print(table)
    for each in statuses:
        if each.name == CONSOLE:
            show_text(f"console 控制台: {each.address}")
    show_text(f"state in {state_folder(stack)}")
