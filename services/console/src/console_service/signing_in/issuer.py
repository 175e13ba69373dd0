"""An OIDC issuer as its relying party speaks to it: authorization code with PKCE, state and nonce, refresh, logout.

Source: OpenID Connect Core 1.0, sections 3.1 and 12; OpenID Connect Discovery 1.0; RFC 7636 (PKCE); RFC 9207 (iss);
RFC 7009 (revocation); OpenID Connect RP-Initiated Logout 1.0.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import httpx
import structlog
from httpapi import Caller, TokenVerifier, Verifier
from httpapi.key_sets import IssuerKeys
from httpapi.problems import Overloaded, Unauthenticated

from console_service.errors import IssuerSilent, SignInRefused
from console_service.model import Person, Tokens
from console_service.signing_in.secrets import derived

_log = structlog.get_logger(log="login")
_TIMEOUT_S = 10.0
_FAREWELL_S = 3.0
"""Nobody waits longer for an issuer that does not answer while they log out."""

_NO_EXPIRY_S = 300
_OWN_RENEWED_BEFORE = timedelta(seconds=30)
_OWN_ASKED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who is asked, and as whom.

    Attributes:
        url: base URL, as its tokens' `iss` has it.
        client_id: this console at the issuer.
        client_secret: None for a public client.
        redirect_uri: where the issuer sends browsers back to.
        left_uri: where it sends those that logged out.
        scopes: what is asked for.
    """

    url: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    left_uri: str
    scopes: str


class IssuerClient:
    """Speaks to one issuer; its tokens are believed only as the services believe them."""

    def __init__(
        self,
        issuer: Issuer,
        client: httpx.AsyncClient,
        verifier: Verifier,
        clock: Callable[[], datetime],
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._verifier = verifier
        self._clock = clock
        self._identities = TokenVerifier(IssuerKeys(issuer.url, client), issuer.url, issuer.client_id)
        self._known: Mapping[str, object] | None = None
        self._own: Tokens | None = None

    async def address_to_start(self, secret: str, bound: str) -> str:
        """Where to send a browser that keeps `secret`; `bound` is what must come back with it unchanged.

        Raises:
            IssuerSilent: The issuer does not tell its addresses.
        """
        endpoint = await self._endpoint("authorization_endpoint")
        challenge = hashlib.sha256(derived(secret, "verifier").encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._issuer.client_id,
            "redirect_uri": self._issuer.redirect_uri,
            "scope": self._issuer.scopes,
            "state": derived(secret, f"state {bound}"),
            "nonce": derived(secret, "nonce"),
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return _with_query(endpoint, asked)

    def require_ours(self, state: str, issuer: str | None, secret: str, bound: str) -> None:
        """What came back belongs to the login that this browser began.

        Raises:
            SignInRefused: It does not.
        """
        if not secret or state != derived(secret, f"state {bound}"):
            raise SignInRefused("This login was not begun in this browser, or too long ago.")
        if issuer is not None and issuer.rstrip("/") != self._issuer.url.rstrip("/"):
            raise SignInRefused("The answer comes from another issuer.")

    async def person(self, code: str, secret: str) -> tuple[Person, Tokens]:
        """Whom the code speaks of, and their tokens.

        Raises:
            SignInRefused: The issuer refuses the code, or its tokens are not what was asked for.
            IssuerSilent: The issuer does not answer.
        """
        answer = await self._ask_for_tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._issuer.redirect_uri,
                "code_verifier": derived(secret, "verifier"),
            }
        )
        identity = str(answer.get("id_token", ""))
        claims = await self._identity(identity)
        if claims.get("nonce") != derived(secret, "nonce"):
            raise SignInRefused("The issuer's word on who this is was meant for another login.")
        tokens = self._tokens(answer, Tokens("", None, self._clock(), identity))
        return await self._person_of(tokens, claims), tokens

    async def refreshed(self, tokens: Tokens, person: Person) -> Tokens:
        """Newer tokens for the same person in the same role; they are checked as the first were.

        Source: OpenID Connect Core 1.0, section 12.2.

        Raises:
            SignInRefused: The issuer gives none, or another's: the person must log in again.
            IssuerSilent: The issuer does not answer.
        """
        if tokens.refresh is None:
            raise SignInRefused("The issuer gave nothing to renew the login with.")
        answer = await self._ask_for_tokens({"grant_type": "refresh_token", "refresh_token": tokens.refresh})
        fresh = self._tokens(answer, tokens)
        told = answer.get("id_token")
        claims = {"sub": person.subject} if told is None else await self._identity(str(told))
        if _scope_of(await self._caller(fresh)) != _scope_of(person) or claims.get("sub") != person.subject:
            raise SignInRefused("The renewed tokens speak of somebody else, or of another role.")
        return fresh

    async def farewell(self, tokens: Tokens) -> str | None:
        """The issuer renews these tokens no more; where the browser ends its session there, if anywhere.

        An issuer that does not answer keeps nobody from leaving; one that revokes nothing may still end its session.
        """
        end = None
        try:
            async with asyncio.timeout(_FAREWELL_S):
                end = await self._named("end_session_endpoint")
                await self._revoke(tokens)
        except (IssuerSilent, SignInRefused, TimeoutError) as error:
            _log.warning("not told of a logout", error=repr(error))
        if end is None:
            return None
        asked = {"client_id": self._issuer.client_id, "post_logout_redirect_uri": self._issuer.left_uri}
        hint = {"id_token_hint": tokens.identity} if tokens.identity else {}
        return _with_query(end, asked | hint)

    async def _revoke(self, tokens: Tokens) -> None:
        endpoint = await self._named("revocation_endpoint")
        if endpoint is not None and tokens.refresh is not None:
            await self._post(endpoint, {"token": tokens.refresh, "token_type_hint": "refresh_token"})

    async def own_token(self) -> str | None:
        """The console's own, by client credentials; None when the issuer gives it none.

        The issuer must give the client the role auditor: without it the stages tell no rates, and nothing else is less.
        """
        now = self._clock()
        if self._own is None or self._own.good_until - now < _OWN_RENEWED_BEFORE:
            try:
                answer = await self._ask_for_tokens({"grant_type": "client_credentials"})
                self._own = self._tokens(answer, Tokens("", None, now))
            except (SignInRefused, IssuerSilent):
                self._own = Tokens("", None, now + _OWN_RENEWED_BEFORE + _OWN_ASKED_AGAIN)
        return self._own.access or None

    async def _caller(self, tokens: Tokens) -> Caller:
        """Whom the services would take the tokens' bearer for."""
        try:
            return await self._verifier.verify(tokens.access)
        except Unauthenticated as error:
            raise SignInRefused(f"The services would not take the issuer's token: {error.detail}") from error
        except Overloaded as error:
            raise IssuerSilent from error

    async def _person_of(self, tokens: Tokens, identity: Mapping[str, object]) -> Person:
        caller = await self._caller(tokens)
        if identity.get("sub") != caller.subject:
            raise SignInRefused("The issuer's two tokens speak of two people.")
        username = str(identity.get("preferred_username") or caller.subject)
        shown = str(identity.get("name") or username)
        subject, role, *scope = _scope_of(caller)
        return Person(username, str(subject), shown, str(role), *scope)

    def _tokens(self, answer: Mapping[str, object], before: Tokens) -> Tokens:
        """The answer's tokens; of what it does not give anew, those there were before."""
        access, lasts_s = answer.get("access_token"), answer.get("expires_in")
        newer = [answer.get("refresh_token"), answer.get("id_token")]
        if not isinstance(access, str) or str(answer.get("token_type", "")).lower() != "bearer":
            raise SignInRefused("The issuer gave no token of the kind that services take.")
        now_s = self._clock().timestamp()
        until_s = now_s + (float(lasts_s) if isinstance(lasts_s, int | float) else _NO_EXPIRY_S)
        refresh, identity = (
            new if isinstance(new, str) else old
            for new, old in zip(newer, (before.refresh, before.identity), strict=True)
        )
        return Tokens(access, refresh, datetime.fromtimestamp(until_s, UTC), identity)

    async def _identity(self, token: str) -> Mapping[str, object]:
        try:
            claims = await self._identities.claims(token)
        except Unauthenticated as error:
            raise SignInRefused(f"The issuer's word on who this is does not hold: {error.detail}") from error
        except Overloaded as error:
            raise IssuerSilent from error
        if claims.get("azp", self._issuer.client_id) != self._issuer.client_id:
            raise SignInRefused("The issuer's word on who this is was meant for another console.")
        return claims

    async def _ask_for_tokens(self, form: Mapping[str, str]) -> Mapping[str, object]:
        return _object(await self._post(await self._endpoint("token_endpoint"), form))

    async def _post(self, endpoint: str, form: Mapping[str, str]) -> httpx.Response:
        secret = self._issuer.client_secret
        named = {**form} if secret else {**form, "client_id": self._issuer.client_id}
        known = (
            (quote(self._issuer.client_id, safe=""), quote(secret, safe=""))
            if secret
            else httpx.USE_CLIENT_DEFAULT
        )
        try:
            answer = await self._client.post(endpoint, data=named, auth=known, timeout=_TIMEOUT_S)
        except httpx.HTTPError as error:
            raise IssuerSilent from error
        if answer.is_server_error:
            raise IssuerSilent(f"answered {answer.status_code}")
        if answer.is_client_error:
            raise SignInRefused("The issuer does not let this login in.")
        return answer

    async def _endpoint(self, name: str) -> str:
        address = await self._named(name)
        if address is None:
            raise IssuerSilent(f"the issuer names no {name}")
        return address

    async def _named(self, name: str) -> str | None:
        """An address that the issuer's discovery names, if it does.

        Source: OpenID Connect Discovery 1.0, section 4.3: what speaks of another issuer is not used.
        """
        if self._known is None:
            try:
                url = f"{self._issuer.url.rstrip('/')}/.well-known/openid-configuration"
                known = _object(await self._client.get(url, timeout=_TIMEOUT_S))
            except httpx.HTTPError as error:
                raise IssuerSilent from error
            if known.get("issuer") != self._issuer.url:
                raise IssuerSilent(f"the discovery names another issuer: {known.get('issuer')}")
            self._known = known
        address = self._known.get(name)
        return address if isinstance(address, str) else None


def _scope_of(one: Caller | Person) -> tuple[str | None, ...]:
    """Who somebody is to the services, and what they may do."""
    return (one.subject, str(one.role), one.area, one.entity, one.platform, one.source)


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _object(answer: httpx.Response) -> Mapping[str, object]:
    try:
        document = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise IssuerSilent from error
    if not isinstance(document, dict):
        raise IssuerSilent("no JSON object")
    return document
