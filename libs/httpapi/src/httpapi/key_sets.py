"""Where the public keys that verify tokens come from: a local JWKS file, or any OIDC issuer."""

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from httpapi.problems import Overloaded, Unauthenticated

KEYS_KEPT_S = 300.0
"""A key the issuer withdraws verifies new tokens for no longer than this."""

_log = structlog.get_logger(log="identity")


class KeySource(Protocol):
    """Finds the public key a token names."""

    async def key(self, kid: str | None) -> Key:
        """The key with this id; without an id, the only key there is.

        Raises:
            Unauthenticated: there is no such key.
            Overloaded: the keys cannot be had at the moment.
        """
        ...

    async def renew(self) -> None:
        """The keys are as new as can be had now: for a token that names no key and does not fit the one there is."""
        ...


class FileKeys:
    """Keys of a JWKS file, as they stand in it now: what is taken out of the file is trusted no more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: KeySet | None = None
        self._read_at_ns = -1

    async def key(self, kid: str | None) -> Key:
        """See `KeySource`."""
        self._read()
        return _pick(self._keys, kid) or _unknown()

    async def renew(self) -> None:
        """See `KeySource`; they are always new."""

    def _read(self) -> None:
        try:
            changed_at_ns = self._path.stat().st_mtime_ns
            if changed_at_ns != self._read_at_ns:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                self._read_at_ns = changed_at_ns
        except (OSError, ValueError, JoseError) as error:
            raise Overloaded("The issuer's keys cannot be read.", retry_after_s=5) from error


class IssuerKeys:
    """Keys of an OIDC issuer, found by discovery, kept for `keep_s`, and fetched again when a token needs another.

    Fetches are at least `refresh_s` apart, so that forged key ids cannot make us flood the issuer. While the issuer
    does not answer, the keys last fetched go on being trusted.

    Source: OpenID Connect Discovery 1.0, section 4; OpenID Connect Core 1.0, section 10.1.1 (key rotation).
    """

    def __init__(
        self,
        issuer: str,
        client: httpx.AsyncClient,
        *,
        refresh_s: float = 30.0,
        keep_s: float = KEYS_KEPT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._client = client
        self._refresh_s = refresh_s
        self._keep_s = keep_s
        self._clock = clock
        self._keys: KeySet | None = None
        self._tried_at_s: float | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str | None) -> Key:
        """See `KeySource`."""
        if self._age_s() >= self._keep_s or _pick(self._keys, kid) is None:
            await self.renew()
        if self._keys is None:
            raise Overloaded("The issuer's keys cannot be fetched.", retry_after_s=5)
        return _pick(self._keys, kid) or _unknown()

    async def renew(self) -> None:
        """See `KeySource`; does nothing when they were fetched a moment ago."""
        async with self._lock:
            if self._age_s() >= self._refresh_s:
                await self._fetch()

    def _age_s(self) -> float:
        """Seconds since the last attempt to fetch."""
        return math.inf if self._tried_at_s is None else self._clock() - self._tried_at_s

    async def _fetch(self) -> None:
        self._tried_at_s = self._clock()
        try:
            discovered = await self._get(f"{self._issuer}/.well-known/openid-configuration")
            if str(discovered.get("issuer", "")).rstrip("/") != self._issuer:
                raise Overloaded("The issuer's discovery names another issuer.", retry_after_s=30)
            self._keys = _import(await self._get(str(discovered["jwks_uri"])))
        except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, JoseError) as error:
            _log.warning("keys_not_fetched", issuer=self._issuer, exc_info=error)
            if self._keys is None:
                self._tried_at_s = None
                raise Overloaded("The issuer's keys cannot be fetched.", retry_after_s=5) from error

    async def _get(self, url: str) -> dict[str, object]:
        response = await self._client.get(url, timeout=5.0)
        response.raise_for_status()
        document = response.json()
        if not isinstance(document, dict):
            raise ValueError(f"no JSON object: {url}")  # noqa: TRY004 - it comes from outside
        return document


def _import(document: dict[str, object]) -> KeySet:
    return KeySet.import_key_set({"keys": _signing_keys(document)})


def _signing_keys(document: dict[str, object]) -> list[dict[str, str | list[str]]]:
    keys = document["keys"]
    if not isinstance(keys, list):
        raise ValueError("keys is no list")  # noqa: TRY004 - it comes from outside
    return [key for key in keys if isinstance(key, dict) and _is_for_signatures(key)]


def _is_for_signatures(key: Mapping[str, object]) -> bool:
    return key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC", "OKP")


def _pick(keys: KeySet | None, kid: str | None) -> Key | None:
    if keys is None:
        return None
    if kid is None:
        return keys.keys[0] if len(keys.keys) == 1 else None
    return next((key for key in keys.keys if key.kid == kid), None)


def _unknown() -> Key:
    raise Unauthenticated("The token's key is not known.")
