"""A stack with nothing in it, so that every demo starts from the same place."""

from localstack import Stack
from localstack.external import external_servers
from localstack.services import PROCESSES

from creditloop_cli.errors import WrongUse
from creditloop_cli.output import say


async def start_fresh(stack: Stack) -> None:
    """The stack runs, healthy and empty: what an earlier demo left is deleted, with its databases and topics.

    Raises:
        WrongUse: Servers that are not ours are in use: their data are not ours to delete.
    """
    external = external_servers(PROCESSES)
    if external.kafka or external.admin or external.databases:
        raise WrongUse(
            "the demo deletes what was before: it runs on local servers only, so unset their addresses"
        )
    if stack.layout.record_file.exists():
        say(f"stack '{stack.layout.name}' was used before: starting anew")
        await _kill(stack)
        await stack.destroy()
    await stack.up(progress=say)


async def _kill(stack: Stack) -> None:
    """No process of the stack lives: data about to be deleted need no orderly end, which takes long."""
    for each in await stack.status():
        if each.pid is not None:
            await stack.kill(each.name)
