"""Everything the services tell somebody of one entity, with that person's own token."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from httpapi.problems import NotFound, Overloaded

from console_service.upstream.asking import Services, silent

MOST_ROWS = 5_000
_LISTS: Mapping[str, tuple[str, str, bool]] = {
    "facts": ("profiling", "/v1/entities/{uscc}/facts", False),
    "signals": ("profiling", "/v1/signals", True),
    "tasks": ("sampling", "/v1/tasks", True),
    "records": ("repair", "/v1/records", True),
    "notices": ("notification", "/v1/notices", True),
}
"""By what they are: whom to ask, where, and whether the entity goes into the query."""
_NAMES: Mapping[str, tuple[str, str]] = {
    "items": ("sampling", "/v1/items"),
    "families": ("profiling", "/v1/signals/families"),
    "models": ("classification", "/v1/models"),
}
"""By what they name: whom to ask, and where."""


@dataclass(frozen=True, slots=True)
class EntityFile:
    """One entity, as its page shows it.

    Attributes:
        entity: as profiling describes it.
        explained: its class with reasons; empty when it has none yet.
        lists: facts, signals, tasks, records and notices, newest as their services order them.
        cut: names of lists of which there is more than is given.
        names: what inspection items, families of warnings and models are called: `code` or `id`, `zh` and `en`.
    """

    entity: Mapping[str, Any]
    explained: Mapping[str, Any]
    lists: Mapping[str, list[Any]]
    cut: frozenset[str]
    names: Mapping[str, list[Any]]


async def entity_file(services: Services, uscc: str, token: str) -> EntityFile:
    """The entity's file.

    Raises:
        NotFound: There is no such entity, or it is outside the caller's area.
        Overloaded: A service does not answer; nothing is given half.
    """
    entity = await _one(services, "profiling", f"/v1/entities/{uscc}", token)
    if entity is None:
        raise NotFound("There is no such entity.")
    explained, lists, names = await asyncio.gather(
        _one(services, "classification", f"/v1/entities/{uscc}/class", token),
        _each(_LISTS, lambda name: _list(services, name, uscc, token)),
        _each(_NAMES, lambda name: _called(services, name, token)),
    )
    cut = frozenset(name for name, items in lists.items() if len(items) > MOST_ROWS)
    given = {name: items[:MOST_ROWS] for name, items in lists.items()}
    return EntityFile(entity, explained or {}, given, cut, names)


async def _each(names: Iterable[str], read: Callable[[str], Awaitable[Any]]) -> dict[str, Any]:
    """What is read by each name, all at once."""
    asked = list(names)
    return dict(zip(asked, await asyncio.gather(*map(read, asked)), strict=True))


async def _one(services: Services, service: str, path: str, token: str) -> Any:
    """What a service knows; None when it knows nothing."""
    answer = await services.get(service, path, token)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    if answer.is_error:
        raise _faulty(service, answer.status_code)
    return answer.json()


async def _called(services: Services, name: str, token: str) -> list[Any]:
    told: Any = await _one(services, *_NAMES[name], token) or []
    named: list[Any] = told["items"] if isinstance(told, dict) else told
    return named


async def _list(services: Services, name: str, uscc: str, token: str) -> list[Any]:
    service, path, in_query = _LISTS[name]
    query = {"uscc": uscc} if in_query else {}
    try:
        return await services.items(service, path.format(uscc=uscc), token, MOST_ROWS + 1, **query)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            return []
        raise _faulty(service, error.response.status_code) from error


def _faulty(service: str, status: int) -> Overloaded:
    return silent(service) if status >= 500 else Overloaded(f"The service {service} refused with {status}.")
