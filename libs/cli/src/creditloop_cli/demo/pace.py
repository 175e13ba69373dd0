"""What the demo tells on stderr while it works, and how long each stage took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from booksaudit.lanes import Standing, behind, is_level, published, unread
from booksaudit.standing import wait_until_level
from rich.progress import Progress, TaskID

from creditloop_cli.errors import TooSlow
from creditloop_cli.output import progress, say
from creditloop_cli.services import Services

_PATIENCE_S = 240.0


class Pace:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator["Bar"]:
        """One stage, with its bar; said in one line when it is done."""
        began = time.monotonic()
        with progress() as bars:
            yield Bar(bars, bars.add_task(name, total=total))
        self.seconds[name] = round(time.monotonic() - began, 1)
        say(f"  {name}: {self.seconds[name]} s")


class Bar:
    """The bar of one stage."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars = bars
        self._task = task

    def advance(self, steps: int = 1) -> None:
        """So many steps are done."""
        self._bars.advance(self._task, steps)

    def watch(self, standing: Standing) -> None:
        """The bar shows how much of what was published has been read."""
        total = published(standing)
        self._bars.update(self._task, total=total, completed=max(total - behind(standing), 0))


async def drain(services: Services, bar: Bar) -> None:
    """Everything in flight has arrived everywhere.

    Raises:
        TooSlow: It has not within four minutes.
    """
    standing = await wait_until_level(services.get, _PATIENCE_S, bar.watch)
    if not is_level(standing):
        raise TooSlow(
            f"still in flight after {_PATIENCE_S:g} s: {behind(standing)} events, such as {_first(standing)}"
        )


def _first(standing: Standing) -> str:
    """One consumer that is behind."""
    return next((str(each) for each in unread(standing)), "batches Kafka has not acknowledged")
