"""How a client sends."""

import ssl
from dataclasses import dataclass, field

from creditloop_client.answers import MEDIA_TYPE
from creditloop_client.batching import Limits
from creditloop_client.patience import Patience


@dataclass(frozen=True, slots=True)
class Options:
    """What may be set; the defaults suit a department on the city's network.

    Attributes:
        limits: The most of one request; many proxies take no more than a million bytes.
        patience: How long a batch is tried.
        timeout_s: How long one request may take; the service answers within a minute.
        tls: Other certificates than the machine's, or a client certificate.
    """

    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    timeout_s: float = 75.0
    tls: ssl.SSLContext | None = None


def checked_url(url: str) -> str:
    """The address, when it is one.

    Raises:
        ValueError: It is not an http address.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"url must begin with http:// or https://, not {url!r}")
    return url


def headers_of(key: str) -> dict[str, str]:
    """What every request carries.

    Raises:
        ValueError: The key is none that can be sent.
    """
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("key must be the API key that creditloop gave your source")
    return {"X-API-Key": key, "Content-Type": MEDIA_TYPE}
