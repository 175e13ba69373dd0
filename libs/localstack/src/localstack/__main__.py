"""`python -m localstack up|down|status`: the stack from a shell."""

import argparse
import asyncio
import sys

import msgspec

from localstack.errors import LocalStackError, PrerequisiteMissing, WrongName
from localstack.stack import DEFAULT_PARTITIONS, Stack
from localstack.status import ProcessStatus

_OLDEST_PYTHON = (3, 11)


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 wrong use, 3 the machine lacks a program."""
    options = _parser().parse_args(arguments)
    try:
        require_python(sys.version_info[:2])
        asyncio.run(_COMMANDS[options.command](options))
    except PrerequisiteMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 3
    except WrongName as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    except LocalStackError as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def require_python(version: tuple[int, ...]) -> None:
    """The Python that runs us is new enough.

    Raises:
        PrerequisiteMissing: It is not.
    """
    if version < _OLDEST_PYTHON:
        found = ".".join(map(str, version))
        raise PrerequisiteMissing(f"Python {found} is too old, 3.11 is needed: apt install python3.11")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="localstack", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument(
        "--stack", default="default", metavar="NAME", help="which stack (default: %(default)s)"
    )
    parser.add_argument("--no-services", action="store_true", help="PostgreSQL and Kafka only")
    parser.add_argument("--supervise", action="store_true", help="stay, and start again what dies")
    parser.add_argument("--partitions", type=int, default=DEFAULT_PARTITIONS, help="of topics not there yet")
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


async def _up(options: argparse.Namespace) -> None:
    stack = Stack(options.stack, partitions=options.partitions)
    await stack.up(services=not options.no_services, progress=_tell)
    _show(await stack.status(), as_json=options.json)
    if options.supervise:
        await stack.supervise(progress=_tell)


async def _down(options: argparse.Namespace) -> None:
    stack = Stack(options.stack)
    await stack.down(progress=_tell)
    _show(await stack.status(), as_json=options.json)


async def _status(options: argparse.Namespace) -> None:
    _show(await Stack(options.stack).status(), as_json=options.json)


_COMMANDS = {"up": _up, "down": _down, "status": _status}


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _show(statuses: list[ProcessStatus], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(statuses).decode() + "\n")
        return
    for each in statuses:
        sys.stdout.write(
            f"{each.name:16} {each.health:8} {each.pid or '-':>8} {each.address:28} {each.log}\n"
        )
    if not statuses:
        sys.stdout.write("nothing runs\n")


if __name__ == "__main__":
    sys.exit(main())
