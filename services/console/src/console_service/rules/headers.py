"""Which headers pass between page and service: those of the content and of the conversation about it, no others."""

from collections.abc import Iterable
from typing import Final

_ASKED: Final = frozenset(
    {
        "accept",
        "accept-language",
        "content-length",
        "content-range",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "prefer",
        "range",
    }
)
_KEPT_BACK: Final = frozenset(
    {
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
    }
)
"""Of one connection only (RFC 9110 section 7.6.1), said by us, or of no use to a page."""

Headers = list[tuple[str, str]]


def for_the_service(sent: Iterable[tuple[str, str]]) -> Headers:
    """What of a request's headers the service is sent; never a cookie, never credentials."""
    return [(name, value) for name, value in sent if name in _ASKED or name.startswith("upload-")]


def for_the_page(answered: Iterable[tuple[str, str]]) -> Headers:
    """What of an answer's headers the page is sent; what `Connection` names is of that connection only."""
    told = [(name.lower(), value) for name, value in answered]
    named = {
        each.strip().lower() for name, value in told if name == "connection" for each in value.split(",")
    }
    return [(name, value) for name, value in told if name not in _KEPT_BACK | named]
