"""How the audit asks the services."""

from typing import Any, Protocol

Json = Any


class Read(Protocol):
    """Asks one service, by its name."""

    async def __call__(self, service: str, path: str, /) -> Json:
        """The JSON that a GET of this path answers; raises when there is none."""
        ...
