"""The file's canonical form, so that a byte more or less shows, and the digests that say which part was touched.

One top-level member per line; of `cap` and `drawn` one element per line. Inside a line: compact JSON, keys
sorted, ASCII. `digests` has the SHA-256 of every other member's text (of objects: of each of their members), and
`file_digest` that of `digests`.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

Document = Mapping[str, Any]

PUBLIC_MEMBERS: Final = ("format", "kind", "commitment", "commitment_sha256", "reveal", "cap", "drawn")
AUDIT_MEMBERS: Final = (*PUBLIC_MEMBERS, "audit")
_BY_LINE: Final = frozenset({"cap", "drawn"})
_compact = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode


def members_of(kind: object) -> tuple[str, ...]:
    """The members that digests are made of, in the file's order."""
    return AUDIT_MEMBERS if kind == "audit" else PUBLIC_MEMBERS


def digest_of(value: object) -> str:
    """SHA-256 of a value's compact text, lower-case hex."""
    return sha256(_compact(value).encode()).hexdigest()


def signed(document: Document) -> Document:
    """The document with its digests."""
    digests = digests_of(document)
    return {**document, "digests": digests, "file_digest": digest_of(digests)}


def digests_of(document: Document) -> dict[str, str]:
    """The digest of every part that has one, by its path without the leading `$.`."""
    return {part: sha256(text.encode()).hexdigest() for part, text in _parts(document)}


def encode(document: Document) -> bytes:
    """The canonical bytes of a signed document."""
    names = (*members_of(document.get("kind")), "digests", "file_digest")
    lines = (f'"{name}":{_text(name, document[name])}' for name in names)
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


def _text(name: str, value: Any) -> str:
    if name not in _BY_LINE or not value:
        return _compact(value)
    return "[\n" + ",\n".join(map(_compact, value)) + "\n]"


def _parts(document: Document) -> Iterator[tuple[str, str]]:
    for name in members_of(document.get("kind")):
        value = document[name]
        if isinstance(value, Mapping):
            yield from ((f"{name}.{member}", _compact(inner)) for member, inner in value.items())
        else:
            yield name, _text(name, value)
