"""Asks every service what it knows of one entity."""

from typing import NamedTuple

from localstack.services import SERVICES

from creditloop_cli.errors import Refused
from creditloop_cli.follow.trail import Step, merged
from creditloop_cli.services import Json, Services

_NOT_FOUND = 404


class Way(NamedTuple):
    """An entity's way through the loop; `judged` is its class with every reason, None where it has none yet."""

    uscc: str
    steps: list[Step]
    judged: Json | None


async def read_way(services: Services, uscc: str) -> Way:
    """What the services know of the entity now."""
    trails = {name: await _or_nothing(services, name, f"/v1/trail/{uscc}") or [] for name in SERVICES}
    judged = await _or_nothing(services, "classification", f"/v1/entities/{uscc}/class")
    return Way(uscc, merged(trails), judged)


async def _or_nothing(services: Services, service: str, path: str) -> Json | None:
    """The answer, or None where the service does not know the entity."""
    try:
        return await services.get(service, path)
    except Refused as error:
        if error.status == _NOT_FOUND:
            return None
        raise
