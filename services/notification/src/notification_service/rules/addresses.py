"""Which addresses a webhook may call: public ones, over http or https.

A platform's address is typed in by people and leads to a request from inside our network: without this guard it could
be pointed at our own machines.

Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet; Standard Webhooks, "Server side request forgery".
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from notification_service.errors import UnsafeAddress

LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}

_EMBEDDING = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))
"""The last four bytes are an IPv4 address. Source: RFC 4291 section 2.5.5.1, RFC 6052 section 2.1."""

_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
"""Translated inside one network only. Source: RFC 8215."""


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """The parts of a webhook's URL that decide where the request goes."""

    scheme: str
    host: str
    port: int


def address_of(url: str) -> WebhookAddress:
    """Where a URL leads.

    Raises:
        UnsafeAddress: it is not an http(s) URL, names no host, or carries a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeAddress(f"not a URL: {error}") from error
    if len(url) > LONGEST_URL or parts.scheme not in _PORTS or not parts.hostname:
        raise UnsafeAddress("a webhook address is an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise UnsafeAddress("a webhook address carries no user name or password")
    return WebhookAddress(parts.scheme, parts.hostname, port or _PORTS[parts.scheme])


def require_public(ip_address: str) -> None:
    """The IP address is one of the public internet.

    Raises:
        UnsafeAddress: it is private, of this machine, link-local, multicast or reserved.
    """
    address = ipaddress.ip_address(ip_address)
    inner = _embedded(address) if isinstance(address, ipaddress.IPv6Address) else None
    if not _is_public(address if inner is None else inner):
        raise UnsafeAddress(f"{address} is not a public address")


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator or tunnel would send to."""
    if any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.is_site_local or address in _LOCAL_NAT64):
        return False
    return address.is_global and not address.is_multicast


def require_safe_host(host: str) -> None:
    """As far as the text of a host tells, it is public; a name is judged when it is resolved.

    Raises:
        UnsafeAddress: it is an IP address that is not public, or names this machine.
    """
    if host == "localhost" or host.endswith(".localhost"):
        raise UnsafeAddress(f"{host} is this machine")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    require_public(host)
