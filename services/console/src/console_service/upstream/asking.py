"""Asks services for JSON with somebody's own token."""

from collections.abc import Mapping
from typing import Any

import httpx
from httpapi.problems import Overloaded

_TIMEOUT_S = 30.0


class ServiceSilent(Overloaded):
    """Raised when a service cannot be reached."""

    slug, title = "service-silent", "A service does not answer"


class Services:
    """The services at these base URLs."""

    def __init__(self, client: httpx.AsyncClient, urls: Mapping[str, str]) -> None:
        self._client = client
        self.urls = {name: url.rstrip("/") for name, url in urls.items()}

    async def get(self, service: str, path: str, token: str, **query: str | int) -> httpx.Response:
        """How a service answers a GET.

        Raises:
            Overloaded: It does not.
        """
        try:
            return await self._client.get(
                self.urls[service] + path,
                params=query,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_TIMEOUT_S,
            )
        except httpx.TransportError as error:
            raise silent(service) from error

    async def items(self, service: str, path: str, token: str, most: int, **query: str | int) -> list[Any]:
        """Items of a list, page by page, `most` at most; an answer that is no success is raised as it is.

        Raises:
            Overloaded: The service does not answer.
            httpx.HTTPStatusError: It refuses.
        """
        found: list[Any] = []
        more: dict[str, str | int] = {}
        while True:
            limit = min(1000, most - len(found))
            answer = await self.get(service, path, token, **query, **more, limit=limit)
            page = answer.raise_for_status().json()
            found += page["items"]
            if not (cursor := page.get("next_cursor")) or len(found) >= most:
                return found
            more = {"cursor": cursor}


def silent(service: str) -> ServiceSilent:
    """The problem of a service that cannot be reached."""
    return ServiceSilent(
        f"The service {service} does not answer at the moment. Nothing is lost; try again shortly.",
        retry_after_s=5,
    )
