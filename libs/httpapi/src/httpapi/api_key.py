"""Keys by which source systems prove who they are: `clk_<id>_<secret>`, of which only a hash is stored.

The secret is 32 random bytes, so guessing it is hopeless whatever the hash: a fast SHA-256 is right, and a
slow password hash would only make every request dear.

Source: OWASP Password Storage Cheat Sheet on high-entropy secrets; RFC 6750 for the Bearer header.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from httpapi.identity import Caller, Role
from httpapi.problems import Unauthenticated

PREFIX = "clk_"
_SHAPE = re.compile(r"clk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is kept of a key: whose it is, the hash of its secret, and until when it holds (None: open)."""

    source: str
    secret_hash: bytes
    expires_at: datetime | None = None


class SourceKeys(Protocol):
    """Where a service keeps the keys of source systems."""

    async def find(self, key_id: str) -> StoredKey | None:
        """The key with this id, or None when there is none or it was revoked."""
        ...


def new_key() -> tuple[str, bytes]:
    """A new key: the text to hand over once, and the 32-byte hash to store under `key_id_of` the text."""
    secret = secrets.token_urlsafe(32)
    return f"{PREFIX}{secrets.token_hex(6)}_{secret}", hash_of(secret)


def hash_of(secret: str) -> bytes:
    """The hash under which a secret is stored: SHA-256, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()


def key_id_of(plain: str) -> str:
    """The id inside a key.

    Raises:
        Unauthenticated: the text is not shaped like a key.
    """
    return _parts(plain)[0]


async def caller_of_key(plain: str, keys: SourceKeys, now: datetime) -> Caller:
    """The source system that holds this key.

    Raises:
        Unauthenticated: the key is malformed, unknown, wrong, revoked or expired; which is not said.
    """
    key_id, secret = _parts(plain)
    stored = await keys.find(key_id)
    expected = stored.secret_hash if stored else bytes(32)
    matches = hmac.compare_digest(hash_of(secret), expected)
    if stored is None or not matches or (stored.expires_at is not None and stored.expires_at <= now):
        raise Unauthenticated("The API key is not valid.")
    return Caller(f"source:{stored.source}", Role.SOURCE_SYSTEM, source=stored.source, key_id=key_id)


def _parts(plain: str) -> tuple[str, str]:
    match = _SHAPE.fullmatch(plain)
    if match is None:
        raise Unauthenticated("The API key is not valid.")
    return match[1], match[2]
