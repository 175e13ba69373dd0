"""Where the public keys that verify tokens come from: a local JWKS file, or any OIDC issuer."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from httpapi.problems import Overloaded, Unauthenticated


class KeySource(Protocol):
    """Finds the public key a token names."""

    async def key(self, kid: str | None) -> Key:
        """The key with this id; without an id, the only key there is.

        Raises:
            Unauthenticated: there is no such key.
            Overloaded: the keys cannot be had at the moment.
        """
        ...


class FileKeys:
    """Keys of a JWKS file; it is read again when a token names a key it did not hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: KeySet | None = None
        self._read_at_ns = -1

    async def key(self, kid: str | None) -> Key:
        """See `KeySource`."""
        if found := _pick(self._keys, kid):
            return found
        self._read()
        return _pick(self._keys, kid) or _unknown()

    def _read(self) -> None:
        try:
            changed_at_ns = self._path.stat().st_mtime_ns
            if changed_at_ns != self._read_at_ns:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                self._read_at_ns = changed_at_ns
        except (OSError, ValueError, JoseError) as error:
            raise Overloaded("The issuer's keys cannot be read.", retry_after_s=5) from error


class IssuerKeys:
    """Keys of an OIDC issuer, found by discovery, kept, and fetched again when a token names an unknown key.

    Fetches are at least `refresh_s` apart, so that forged key ids cannot make us flood the issuer.

    Source: OpenID Connect Discovery 1.0, section 4; OpenID Connect Core 1.0, section 10.1.1 (key rotation).
    """

    def __init__(
        self,
        issuer: str,
        client: httpx.AsyncClient,
        *,
        refresh_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._client = client
        self._refresh_s = refresh_s
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched_at_s: float | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str | None) -> Key:
        """See `KeySource`."""
        if found := _pick(self._keys, kid):
            return found
        async with self._lock:
            if _pick(self._keys, kid) is None and self._may_fetch():
                await self._fetch()
        if self._keys is None:
            raise Overloaded("The issuer's keys cannot be fetched.", retry_after_s=5)
        return _pick(self._keys, kid) or _unknown()

    def _may_fetch(self) -> bool:
        return self._fetched_at_s is None or self._clock() - self._fetched_at_s >= self._refresh_s

    async def _fetch(self) -> None:
        self._fetched_at_s = self._clock()
        try:
            discovered = await self._get(f"{self._issuer}/.well-known/openid-configuration")
            if str(discovered.get("issuer", "")).rstrip("/") != self._issuer:
                raise Overloaded("The issuer's discovery names another issuer.", retry_after_s=30)
            self._keys = _import(await self._get(str(discovered["jwks_uri"])))
        except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, JoseError) as error:
            if self._keys is None:
                self._fetched_at_s = None
                raise Overloaded("The issuer's keys cannot be fetched.", retry_after_s=5) from error

    async def _get(self, url: str) -> dict[str, object]:
        response = await self._client.get(url, timeout=5.0)
        response.raise_for_status()
        document = response.json()
        if not isinstance(document, dict):
            raise TypeError(url)
        return document


def _import(document: dict[str, object]) -> KeySet:
    return KeySet.import_key_set({"keys": _signing_keys(document)})


def _signing_keys(document: dict[str, object]) -> list[dict[str, str | list[str]]]:
    keys = document["keys"]
    if not isinstance(keys, list):
        raise TypeError("keys")
    return [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") in {"RSA", "EC", "OKP"}]


def _pick(keys: KeySet | None, kid: str | None) -> Key | None:
    if keys is None:
        return None
    if kid is None:
        return keys.keys[0] if len(keys.keys) == 1 else None
    return next((key for key in keys.keys if key.kid == kid), None)


def _unknown() -> Key:
    raise Unauthenticated("The token's key is not known.")
