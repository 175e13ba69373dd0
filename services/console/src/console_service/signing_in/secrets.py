"""Cookies: made at random, stored only as hashes; what only their bearer may read is locked with them."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from console_service.model import Tokens

_LONGEST_COOKIE = 100
_ALGORITHMS = ["dir", "A256GCM"]


def new_cookie() -> str:
    """A cookie nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(cookie: str) -> bytes | None:
    """What is stored of a cookie; None when it cannot be one of ours."""
    return hashlib.sha256(cookie.encode()).digest() if cookie and len(cookie) <= _LONGEST_COOKIE else None


def derived(secret: str, purpose: str) -> str:
    """A text that only whoever has the secret can make, another for each purpose."""
    digest = hmac.digest(secret.encode(), purpose.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def locked(tokens: Tokens, cookie: str) -> str:
    """The tokens, readable only with the cookie: the database alone gives nobody's tokens away.

    Source: RFC 7516, RFC 7518 sections 4.5 (dir) and 5.3 (A256GCM).
    """
    content = {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "good_until": tokens.good_until.timestamp(),
        "identity": tokens.identity,
    }
    return jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM"}, json.dumps(content), _key(cookie), algorithms=_ALGORITHMS
    )


def unlocked(text: str, cookie: str) -> Tokens | None:
    """What was locked with this cookie; None when it was another."""
    try:
        content = json.loads(
            jwe.decrypt_compact(text, _key(cookie), algorithms=_ALGORITHMS).plaintext or b"{}"
        )
    except (JoseError, ValueError):
        return None
    good_until = datetime.fromtimestamp(content["good_until"], UTC)
    return Tokens(content["access"], content["refresh"], good_until, content.get("identity"))


def _key(cookie: str) -> OctKey:
    return OctKey.import_key(hmac.digest(cookie.encode(), b"tokens of a session", "sha256"))
