"""The built-in issuer of tokens. For local use only: whoever can read its directory can be anyone."""

import contextlib
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import OKPKey

from httpapi.identity import Role
from httpapi.tokens import AUDIENCE, LOCAL_ISSUER

LONGEST_TTL_S = 12 * 3600
"""A working day, for whoever asks for it by name."""

DEFAULT_TTL_S = 900
"""What a token holds when nobody says otherwise."""


class LocalIssuer:
    """Signs tokens with an Ed25519 key kept in `directory`; local use only.

    The key is made once, readable by its owner alone; `jwks.json` beside it holds the public half.
    Several processes may start on one directory at once: all end up with the same key.
    """

    def __init__(self, directory: Path, *, clock: Callable[[], float] = time.time) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._key = _load_or_make(directory / "issuer-key.json")
        self.jwks_file = directory / "jwks.json"
        _replace(self.jwks_file, {"keys": [_public(self._key)]})

    def issue(  # noqa: PLR0913 - one keyword for each claim
        self,
        role: Role | str,
        *,
        area: str | None = None,
        entity: str | None = None,
        platform: str | None = None,
        source: str | None = None,
        subject: str | None = None,
        ttl_s: int = DEFAULT_TTL_S,
    ) -> str:
        """A signed token for `role` that holds for `ttl_s` seconds, at most twelve hours.

        Raises:
            ValueError: there is no such role, or the time asked for is not within 1 s and 12 h.
        """
        named = {"area": area, "entity": entity, "platform": platform, "source": source}
        claims = self._claims(Role(role), subject, ttl_s) | {k: v for k, v in named.items() if v is not None}
        header = {"alg": "Ed25519", "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key, algorithms=["Ed25519"])

    def _claims(self, role: Role, subject: str | None, ttl_s: int) -> dict[str, str | int]:
        if not 0 < ttl_s <= LONGEST_TTL_S:
            raise ValueError(f"a token may hold from 1 to {LONGEST_TTL_S} seconds, not {ttl_s}")
        now_s = int(self._clock())
        return {
            "iss": LOCAL_ISSUER,
            "aud": AUDIENCE,
            "sub": subject or f"local:{role}",
            "role": str(role),
            "iat": now_s,
            "exp": now_s + ttl_s,
            "jti": secrets.token_hex(16),
        }


def _load_or_make(path: Path) -> OKPKey:
    if not path.exists():
        made = OKPKey.generate_key("Ed25519").as_dict(private=True)
        temporary = _write(path.parent, json.dumps(made), mode=0o600)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return OKPKey.import_key(json.loads(path.read_text()))


def _public(key: OKPKey) -> dict[str, object]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig"}


def _replace(path: Path, document: dict[str, object]) -> None:
    text = json.dumps(document, indent=1, sort_keys=True)
    if not path.exists() or path.read_text() != text:
        _write(path.parent, text, mode=0o644).replace(path)


def _write(directory: Path, text: str, *, mode: int) -> Path:
    descriptor, name = tempfile.mkstemp(dir=directory)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
    return Path(name)
