"""Programs run to their end: java -version, Maven, initdb."""

import asyncio
from collections.abc import Sequence

_PIPE = asyncio.subprocess.PIPE
_BOTH = asyncio.subprocess.STDOUT


async def run(command: Sequence[str]) -> tuple[int, str]:
    """Exit code and output, errors included; the program has ended also if we are cancelled."""
    child = await asyncio.create_subprocess_exec(*command, stdout=_PIPE, stderr=_BOTH, cwd="/")
    try:
        output, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()
    return child.returncode or 0, output.decode(errors="replace").strip()
