"""Makes one attempt at one webhook: signed, to a checked address, with an end to waiting.

The host is resolved and judged first, and the request goes to the very address that was judged, so that a name cannot
change its mind in between. Redirects are not followed and the answer's body is not read.

Source: Standard Webhooks 1.0 (headers, signature, response statuses, SSRF); OWASP SSRF Prevention Cheat Sheet.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx
import msgspec
from standardwebhooks import Webhook

from notification_service.errors import UnsafeAddress
from notification_service.model import Delivery, Outcome, Secrets
from notification_service.rules.addresses import address_of, require_public
from notification_service.rules.clues import payload

_AGENT: Final = "creditloop-webhooks/1"


class HttpWebhookSender:
    """Implements `ports.WebhookSender` with httpx.

    Args:
        client: does the calls; see `webhook_client`.
        clock: the time now, UTC.
        private_allowed: whether addresses that are not public may be called: for one machine's own stack only.
        timeout_s: how long one attempt may take altogether.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Callable[[], datetime],
        *,
        private_allowed: bool,
        timeout_s: float,
    ) -> None:
        self._client = client
        self._clock = clock
        self._private_allowed = private_allowed
        self._timeout_s = timeout_s

    async def send(self, delivery: Delivery) -> Outcome:
        """See `ports.WebhookSender`."""
        began_s = time.perf_counter()
        status, error = None, ""
        try:
            async with asyncio.timeout(self._timeout_s):
                status = await self._post(delivery)
            error = "" if 200 <= status < 300 else f"answered {status}"
        except TimeoutError:
            error = f"no answer within {self._timeout_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, UnsafeAddress) as failure:
            error = f"{type(failure).__name__}: {failure}"
        duration_ms = round((time.perf_counter() - began_s) * 1000)
        return Outcome(delivery, status, error[:500], self._clock(), duration_ms)

    async def _post(self, delivery: Delivery) -> int:
        body = msgspec.json.encode(payload(delivery)).decode()
        url, extensions, host = await self._target(delivery.url)
        headers = {
            **signed_headers(delivery.delivery_id, self._clock(), body, delivery.secrets),
            "content-type": "application/json",
            "user-agent": _AGENT,
            "host": host,
        }
        request = self._client.build_request(
            "POST", url, content=body.encode(), headers=headers, extensions=extensions
        )
        response = await self._client.send(request, stream=True)
        await response.aclose()
        return response.status_code

    async def _target(self, url: str) -> tuple[httpx.URL, dict[str, str], str]:
        address = address_of(url)
        resolved = await _resolve(address.host, address.port)
        if not self._private_allowed:
            for ip_address in resolved:
                require_public(ip_address)
        given = httpx.URL(url)
        host = given.netloc.decode("ascii")
        extensions = {"sni_hostname": address.host} if address.scheme == "https" else {}
        return given.copy_with(host=resolved[0]), extensions, host


def webhook_client() -> httpx.AsyncClient:
    """A client that follows no redirects, keeps no cookies and heeds no proxy of the environment.

    It has no time limits of its own: the sender bounds each attempt as a whole.
    """
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, limits=limits, timeout=None)  # noqa: S113 - see above


def signed_headers(message_id: str, at: datetime, body: str, secrets: Secrets) -> dict[str, str]:
    """The three headers of Standard Webhooks; while two secrets are held, each gives a signature."""
    held = [secret for secret in (secrets.current, secrets.former) if secret is not None]
    instant = at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, instant, body) for secret in held),
    }


async def _resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, IPv4 first.

    Raises:
        OSError: there are none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    return list(dict.fromkeys(str(entry[4][0]) for entry in ordered))
