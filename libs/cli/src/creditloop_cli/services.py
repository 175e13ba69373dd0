"""The services of a stack, spoken to over HTTP as their API says."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from httpapi.identity import Role
from localstack import Stack
from localstack.services import SERVICES

from creditloop_cli.errors import NotUp, Refused
from creditloop_cli.local import staff_token

Json = Any
_TIMEOUT_S = 120.0
_PAGE = 1000


class Services:
    """The services at these base URLs, called with one token."""

    def __init__(self, client: httpx.AsyncClient, urls: Mapping[str, str], token: str) -> None:
        self._client = client
        self._token = token
        self.urls = urls

    def as_(self, token: str) -> "Services":
        """The same services, called with another token."""
        return Services(self._client, self.urls, token)

    async def get(self, service: str, path: str, **query: str | int) -> Json:
        """The JSON that a GET answers.

        Raises:
            NotUp: The service cannot be reached.
            Refused: It answered with a problem.
        """
        return await self._json("GET", service, path, params=query)

    async def post(self, service: str, path: str, body: object = None, *, key: str = "") -> Json:
        """The JSON that a POST answers; `key` is its Idempotency-Key.

        Raises:
            NotUp: The service cannot be reached.
            Refused: It answered with a problem.
        """
        headers = {"Idempotency-Key": key} if key else {}
        return await self._json("POST", service, path, json={} if body is None else body, headers=headers)

    async def put(self, service: str, path: str, body: object) -> Json:
        """The JSON that a PUT answers; raises as `post`."""
        return await self._json("PUT", service, path, json=body)

    async def download(self, service: str, path: str) -> bytes:
        """The bytes that a GET answers, exactly as they come; raises as `get`."""
        return (await self._call("GET", service, path)).content

    async def call(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        """The answer itself, to a request with these parts of httpx; raises as `get`."""
        return await self._call(method, service, path, **more)

    async def pages(self, service: str, path: str, **query: str | int) -> AsyncIterator[Json]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            more: dict[str, str | int] = {**query, "limit": _PAGE, **({"cursor": cursor} if cursor else {})}
            page = await self.get(service, path, **more)
            for item in page["items"]:
                yield item
            cursor = page.get("next_cursor")
            if not cursor:
                return

    async def _json(self, method: str, service: str, path: str, **more: Any) -> Json:
        response = await self._call(method, service, path, **more)
        return response.json() if response.content else None

    async def _call(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", **more.pop("headers", {})}
        try:
            response = await self._client.request(method, self.urls[service] + path, headers=headers, **more)
        except httpx.TransportError as error:
            raise NotUp(
                f"{service} at {self.urls[service]} does not answer: {type(error).__name__}"
            ) from error
        if response.is_error:
            raise Refused(f"{service} {method} {path}: {problem_of(response)}", response.status_code)
        return response


def problem_of(response: httpx.Response) -> str:
    """What a problem-details answer says, on one line."""
    try:
        document = response.json()
    except ValueError:
        return f"{response.status_code} {response.text[:200]}".replace("\n", " ")
    said = document if isinstance(document, dict) else {}
    text = said.get("detail") or said.get("title") or response.reason_phrase
    fields = "; ".join(f"{each.get('field')} {each.get('problem', '')}" for each in said.get("errors") or [])
    return f"{response.status_code} {text} {fields}".strip().replace("\n", " ")


@asynccontextmanager
async def open_services(stack: Stack, role: Role = Role.CITY_ADMINISTRATOR) -> AsyncIterator[Services]:
    """The services of a running stack, called as one of our own people."""
    urls = {each.name: each.address for each in await stack.status() if each.name in SERVICES}
    token = staff_token(stack.layout.state, role)
    async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
        yield Services(client, urls, token)
