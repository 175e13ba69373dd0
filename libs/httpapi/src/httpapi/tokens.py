"""Verifies tokens: the signature, who issued them for whom, and that they are still good.

Source: RFC 7519 (JWT); RFC 8725 (JWT best current practices); RFC 8037 and RFC 9864 (Ed25519).
"""

import base64
import binascii
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSAlgModel, JWSRegistry  # type: ignore[attr-defined]

from httpapi.identity import Caller, ClaimNames, caller_from_claims
from httpapi.key_sets import FileKeys, IssuerKeys, KeySource
from httpapi.problems import Unauthenticated

AUDIENCE = "creditloop"
LOCAL_ISSUER = "urn:creditloop:local-issuer"
ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
LONGEST_TOKEN = 8192
_LEEWAY_S = 30
_REMEMBERED_S = 300
"""Then the signature is checked again, by the keys as they are by then: a withdrawn key ends its tokens too."""


class Verifier(Protocol):
    """Tells who a token speaks for."""

    async def verify(self, token: str) -> Caller:
        """The caller a good token speaks for.

        Raises:
            Unauthenticated: the token is forged, foreign, expired or incomplete.
            Overloaded: the keys to check it cannot be had at the moment.
        """
        ...


@dataclass(frozen=True, slots=True)
class IdentityOptions:
    """Where identity comes from: give either the built-in issuer's JWKS file or an OIDC issuer's URL.

    Attributes:
        jwks_file: public keys of the built-in issuer (local use).
        issuer: base URL of an OIDC issuer, exactly as its tokens' `iss` has it.
        audience: what a token's `aud` must contain.
        claims: which claims hold role, area and the rest.
    """

    jwks_file: Path | None = None
    issuer: str | None = None
    audience: str = AUDIENCE
    claims: ClaimNames = field(default_factory=ClaimNames)


def verifier_from(options: IdentityOptions, client: httpx.AsyncClient | None = None) -> "TokenVerifier":
    """The verifier that `options` describe; `client` fetches an OIDC issuer's keys.

    Raises:
        ValueError: neither or both of file and issuer are given, or the issuer has no client.
    """
    if (options.jwks_file is None) == (options.issuer is None):
        raise ValueError("identity needs exactly one of a JWKS file and an issuer")
    if options.jwks_file is not None:
        return TokenVerifier(
            FileKeys(options.jwks_file), LOCAL_ISSUER, options.audience, claims=options.claims
        )
    if options.issuer is None or client is None:
        raise ValueError("an OIDC issuer needs an HTTP client")
    keys = IssuerKeys(options.issuer, client)
    return TokenVerifier(keys, options.issuer, options.audience, claims=options.claims)


class TokenVerifier:
    """Verifies a token and remembers the answer for five minutes at most, for the newest `remember` tokens."""

    def __init__(  # noqa: PLR0913 - what to trust, how to read it, when it is
        self,
        keys: KeySource,
        issuer: str,
        audience: str = AUDIENCE,
        *,
        claims: ClaimNames | None = None,
        clock: Callable[[], float] = time.time,
        remember: int = 10_000,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._claims = claims or ClaimNames()
        self._clock = clock
        self._remember = remember
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """See `Verifier`."""
        if caller := self._remembered(token):
            return caller
        claims, expires_at_s = await self._checked(token)
        caller = caller_from_claims(claims, self._claims)
        self._known[token] = (min(expires_at_s + _LEEWAY_S, self._clock() + _REMEMBERED_S), caller)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)
        return caller

    async def claims(self, token: str) -> Mapping[str, object]:
        """What a good token says, whoever it speaks for, such as an ID token; raises as `verify`."""
        return (await self._checked(token))[0]

    async def _checked(self, token: str) -> tuple[Mapping[str, object], float]:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The token is too long.")
        claims = await self._decode(token)
        return claims, self._check(claims)

    def _remembered(self, token: str) -> Caller | None:
        until_s, caller = self._known.get(token, (0.0, None))
        if caller is not None and until_s <= self._clock():
            del self._known[token]
            return None
        return caller

    async def _decode(self, token: str) -> Mapping[str, object]:
        kid = _key_id(token)
        key = await self._keys.key(kid)
        try:
            return _claims(token, key)
        except Unauthenticated:
            if kid is not None:
                raise
        await self._keys.renew()
        return _claims(token, await self._keys.key(None))

    def _check(self, claims: Mapping[str, object]) -> float:
        now_s = self._clock()
        expires_at_s = claims.get("exp")
        if isinstance(expires_at_s, bool) or not isinstance(expires_at_s, int | float):
            raise Unauthenticated("The token does not say when it expires.")
        if not expires_at_s + _LEEWAY_S > now_s:
            raise Unauthenticated("The token has expired.")
        for name in ("nbf", "iat"):
            starts_at_s = claims.get(name, 0)
            if not isinstance(starts_at_s, int | float) or not starts_at_s <= now_s + _LEEWAY_S:
                raise Unauthenticated("The token is not valid yet.")
        if claims.get("iss") != self._issuer:
            raise Unauthenticated("The token comes from another issuer.")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("The token is meant for another audience.")
        return float(expires_at_s)


class _Registry(JWSRegistry):
    """Takes the algorithms we accept; EdDSA without joserfc's warning, as most issuers still write it so."""

    def get_alg(self, name: str) -> JWSAlgModel:
        return self.algorithms[name] if name == "EdDSA" else super().get_alg(name)


_REGISTRY = _Registry(algorithms=list(ALGORITHMS))


def _claims(token: str, key: Key) -> Mapping[str, object]:
    try:
        return jwt.decode(token, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Unauthenticated("The token's signature does not hold.") from error


def _key_id(token: str) -> str | None:
    head = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Unauthenticated("The token is not a JWT.") from error
    kid = header.get("kid") if isinstance(header, dict) else None
    return kid if isinstance(kid, str) else None
