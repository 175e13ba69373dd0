"""How long a login waits after failures, and who waits: never somebody who did nothing.

Failures are counted by what an attempt can be told apart by. A browser that has opened this account before shows it
with a cookie of its own, and only its own failures count for it: whoever tries somebody's name from elsewhere does not
lock them out. Any other browser is counted three times: this name from this address, this address whatever the name,
and this name wherever from. The last two never wait for more than a minute, as others may share them.

Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies. The numbers are project-chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` failures each next one doubles the wait, from ten seconds up to `most`."""

    free: int
    most: timedelta


_OWN: Final = Patience(free=5, most=timedelta(minutes=15))
PATIENCE: Final[Mapping[str, Patience]] = {
    "device": _OWN,
    "pair": _OWN,
    "address": Patience(free=30, most=timedelta(minutes=1)),
    "name": Patience(free=60, most=timedelta(minutes=1)),
}
FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""So long after the last failure nothing is held against anyone."""

OWN_KINDS: Final = frozenset({"device", "pair"})
"""Counts that a success wipes out; from the shared ones it takes back only itself."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What is counted under one key, such as `pair:ann|10.0.0.7`."""

    key: str
    count: int
    last_at: datetime


def keys_of(username: str, address: str, device: str | None) -> list[str]:
    """What an attempt counts under, in order."""
    if device is not None:
        return [f"device:{device}"]
    return sorted((f"address:{address}", f"name:{username}", f"pair:{username}|{address}"))


def kind_of(key: str) -> str:
    """The kind of a key."""
    return key.partition(":")[0]


def wait_s(known: Iterable[Failures], now: datetime) -> int:
    """Whole seconds until an attempt is looked at; 0 for at once."""
    waits = [(_free_at(failures) - now).total_seconds() for failures in known]
    longest = max(waits, default=0.0)
    return 0 if longest <= 0 else int(-(-longest // 1))


def _free_at(failures: Failures) -> datetime:
    patience = PATIENCE[kind_of(failures.key)]
    beyond = failures.count - patience.free
    if beyond < 0:
        return failures.last_at
    return failures.last_at + min(patience.most, timedelta(seconds=10 * 2 ** min(beyond, 20)))
