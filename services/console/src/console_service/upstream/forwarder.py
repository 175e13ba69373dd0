"""Forwards a request to a service, and its answer back; both bodies pass through without being held."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import structlog
from httpapi.problems import BadRequest, Overloaded
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from console_service.rules.headers import Headers, for_the_page
from console_service.upstream.asking import silent

_log = structlog.get_logger(log="forwarding")
_TIMEOUT = httpx.Timeout(connect=3.0, read=120.0, write=120.0, pool=10.0)
"""Reading: the longest a service may take before its answer begins, and may pause within it."""


@dataclass(frozen=True, slots=True)
class Outward:
    """A request as it leaves.

    Attributes:
        method: HTTP method.
        service: whom to ask.
        path: the path as it came, still escaped.
        query: the query as it came, without its question mark.
        headers: what passes; the token is added here.
        body: what is sent, if anything is.
    """

    method: str
    service: str
    path: str
    query: bytes
    headers: Headers
    body: AsyncIterator[bytes] | None


class Forwarder:
    """Speaks to the services at these base URLs."""

    def __init__(self, client: httpx.AsyncClient, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = {name: httpx.URL(url) for name, url in urls.items()}

    async def forward(self, outward: Outward, token: str) -> Response:
        """The service's answer, whatever it is.

        Raises:
            Overloaded: There is none.
            BadRequest: Whoever asks went away while they asked.
        """
        request = self._client.build_request(
            outward.method,
            self._address(outward),
            headers=[*outward.headers, ("accept-encoding", "identity"), ("authorization", f"Bearer {token}")],
            content=outward.body,
            timeout=_TIMEOUT,
        )
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.ConnectError as error:
            raise silent(outward.service) from error
        except ClientDisconnect as error:
            raise BadRequest("The request broke off before it was whole.") from error
        except httpx.TransportError as error:
            _log.warning("no answer", service=outward.service, path=outward.path, error=repr(error))
            raise _unanswered(outward) from error
        headers = for_the_page(answer.headers.multi_items())
        response = _Passed(answer)
        response.raw_headers = [
            (n.encode("latin-1"), v.encode("latin-1")) for n, v in self._own(headers, outward)
        ]
        return response

    def _address(self, outward: Outward) -> httpx.URL:
        base = self._urls[outward.service]
        target = base.raw_path.rstrip(b"/") + outward.path.encode("ascii")
        return base.copy_with(raw_path=target + (b"?" + outward.query if outward.query else b""))

    def _own(self, headers: Headers, outward: Outward) -> Headers:
        """Addresses of the service as addresses of the console: browsers cannot reach the service itself."""
        base = str(self._urls[outward.service]).rstrip("/")
        return [
            (name, _moved(value, base, outward.service) if name == "location" else value)
            for name, value in headers
        ]


def _moved(location: str, base: str, service: str) -> str:
    path = location.removeprefix(base)
    return f"/api/{service}{path}" if path.startswith("/v1/") else location


class _Passed(StreamingResponse):
    """A service's answer as it comes; its connection is free again however much of it was passed on."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.aiter_raw(), answer.status_code)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes it on."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._answer.aclose()


class BrokenOff(Overloaded):
    """Raised when a service broke off before it answered a change: it may or may not be made."""

    slug, title = "broken-off", "The change may or may not be made"


def _unanswered(outward: Outward) -> Overloaded:
    if outward.method in {"GET", "HEAD"}:
        return silent(outward.service)
    return BrokenOff(
        f"The service {outward.service} broke off before it answered: the change may or may not be made. "
        "Look before you try again; with the same Idempotency-Key it is made once.",
        retry_after_s=5,
    )
