"""A source that kills itself at the point it is told: `python spool_victim.py <point> <url> <spool> <facts>`.

SIGKILL leaves no room for any clean-up: what is there afterwards is what a crash leaves. It prints the number of each
fact whose `put` returned.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from builders import QUICK, fact
from creditloop_client import Client, Sender, Spool, segments
from creditloop_client import spool as spooling
from fake_ingestion import KEY

AT = 20
"""How often the point is passed before death."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(owner: Any, name: str, *, after: bool = False) -> None:
    """At the twentieth call, death before or after the function's work."""
    function: Callable[..., Any] = getattr(owner, name)
    calls = [0]

    def counted(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == AT and not after:
            die()
        result = function(*arguments, **named)
        if calls[0] == AT and after:
            die()
        return result

    setattr(owner, name, counted)


def torn_write() -> None:
    write, calls = segments.Segment._write, [0]

    def torn(self: segments.Segment, record: bytes) -> None:
        calls[0] += 1
        if calls[0] == AT:
            write(self, record[: len(record) // 2])
            die()
        write(self, record)

    segments.Segment._write = torn  # type: ignore[method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "while_a_fact_is_written": torn_write,
    "after_a_fact_is_written": lambda: deadly(segments.Segment, "append", after=True),
    "before_a_segment_is_begun": lambda: deadly(segments.Segment, "__init__"),
    "after_a_segment_is_begun": lambda: deadly(segments.Segment, "__init__", after=True),
    "before_a_request": lambda: deadly(Client, "_try"),
    "after_an_answer": lambda: deadly(Client, "_try", after=True),
    "before_the_position_is_noted": lambda: deadly(Spool, "_note"),
    "while_the_position_is_noted": lambda: deadly(Path, "replace"),
    "after_the_position_is_noted": lambda: deadly(Spool, "_note", after=True),
    "after_a_segment_is_deleted": lambda: deadly(Path, "unlink", after=True),
}


def main(point: str, url: str, folder: str, count: int) -> None:
    POINTS[point]()
    client = Client(url, KEY, "tax", QUICK)
    sender = Sender(client, spooling.Spool(folder, segment_bytes=600))
    for number in range(count):
        sender.put(fact(number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if number % 10 == 9:
            sender.flush()
    sender.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
