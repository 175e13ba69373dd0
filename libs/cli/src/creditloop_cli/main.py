"""The creditloop command: routes to the commands, and turns every failure into one line and an exit code."""

import sys
from collections.abc import Sequence

import typer
from localstack import LocalStackError, PrerequisiteMissing, WrongName
from typer.exceptions import Abort, TyperException

from creditloop_cli.commands import (
    audit,
    bench,
    chaos,
    demo,
    env,
    files,
    follow,
    load,
    login,
    model,
    replay,
    report,
    stack,
    verify_draw,
)
from creditloop_cli.errors import CommandError
from creditloop_cli.output import say

app = typer.Typer(
    name="creditloop",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="信用闭环: a city's credit-based supervision as one closed loop.",
)
app.command("up")(stack.up)
app.command("down")(stack.down)
app.command("status")(stack.status)
app.command("demo")(demo.demo)
app.command("login")(login.login)
app.add_typer(load.app, name="load")
app.add_typer(report.app, name="report")
app.add_typer(model.app, name="model")
app.add_typer(files.app, name="files")
app.command("follow")(follow.follow)
app.command("replay")(replay.replay)
app.command("audit")(audit.audit)
app.command("verify-draw")(verify_draw.verify_draw)
app.command("env")(env.env)
app.add_typer(bench.app, name="bench")
app.command("chaos")(chaos.chaos)

_FAILED, _INTERRUPTED = 1, 130
_OF_THE_STACK: dict[type[LocalStackError], int] = {WrongName: 2, PrerequisiteMissing: 3}


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 failed or refused, 2 wrong use, 3 something needed is missing or not up.

    Every failure that its user can do something about is one line on stderr.
    """
    command = typer.main.get_command(app)
    try:
        return int(command.main(list(arguments), prog_name="creditloop", standalone_mode=False) or 0)
    except TyperException as error:
        return _told(_usage(error), error.exit_code)
    except CommandError as error:
        return _told(str(error), error.exit_code)
    except LocalStackError as error:
        return _told(str(error).partition("\n")[0], _OF_THE_STACK.get(type(error), _FAILED))
    except (KeyboardInterrupt, Abort):
        return _told("interrupted", _INTERRUPTED)


def _usage(error: TyperException) -> str:
    """What was wrong with the command line; a command left out is told as such, not by pages of help."""
    message = error.format_message()
    if message.startswith("Usage:"):
        return f"no command given. {message.partition(chr(10))[0]} (--help lists them)"
    return message.partition("\n")[0] or "see `creditloop --help`"


def _told(message: str, exit_code: int) -> int:
    say(f"creditloop: {message.strip()}")
    return exit_code


if __name__ == "__main__":
    main()
