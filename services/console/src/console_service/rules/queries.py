"""Queries as the access log tells them, and as they are passed on."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote

_PUNCTUATION = re.compile(r"[%&=+#\x00-\x1f\x7f]")


def told(pairs: Iterable[tuple[str, object]]) -> str:
    """The pairs as a query that people can read: only what would pass for another pair is escaped."""
    return "&".join(f"{_plain(name)}={_plain(value)}" for name, value in pairs)


def readable(query: str) -> str:
    """A query as it came, told as `told` does."""
    return told(parse_qsl(query, keep_blank_values=True))


def without(name: str, query: bytes) -> tuple[str | None, bytes]:
    """What the query says under this name, the last time it does, and what it says otherwise, as it came."""
    parts = [(part, parse_qsl(part.decode("latin-1"), keep_blank_values=True)) for part in query.split(b"&")]
    said = [pairs[0][1] for _, pairs in parts if pairs and pairs[0][0] == name]
    kept = b"&".join(part for part, pairs in parts if not pairs or pairs[0][0] != name)
    return (said[-1] if said else None), kept


def _plain(value: object) -> str:
    return _PUNCTUATION.sub(lambda found: quote(found[0], safe=""), str(value))
