"""The token that services are sent for a session."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

from httpapi.identity import Role
from httpapi.issuer import DEFAULT_TTL_S, LocalIssuer

from console_service.errors import IssuerSilent, SignInRefused
from console_service.model import Session, Tokens
from console_service.signing_in.issuer import IssuerClient
from console_service.signing_in.secrets import locked, unlocked
from console_service.store import Sessions

_RENEWED_BEFORE = timedelta(minutes=5)
_REFRESHED_BEFORE = timedelta(seconds=60)
_REMEMBERED = 10_000
OWN_SUBJECT = "console"


class TokenSource(Protocol):
    """Gives the token of a session."""

    async def token(self, session: Session, cookie: str) -> str | None:
        """A token that holds for a while; None when the session can have none any more.

        Raises:
            IssuerSilent: There is none at the moment.
        """
        ...

    async def kept(self, session: Session, cookie: str) -> Tokens | None:
        """The issuer's newest tokens of the session; None where no issuer gave any."""
        ...


class LocalTokens:
    """Tokens of built-in accounts, signed here; each is used for ten minutes, so that services check it once."""

    def __init__(self, issuer: LocalIssuer, clock: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[datetime, str]] = OrderedDict()

    async def token(self, session: Session, cookie: str) -> str | None:  # noqa: ARG002 - the issuer's need it
        """See `TokenSource`."""
        return self._lasting(session.id_hash, lambda: self._issue(session))

    async def kept(self, session: Session, cookie: str) -> Tokens | None:  # noqa: ARG002 - as above
        """See `TokenSource`."""
        return None

    async def own_token(self) -> str:
        """The console's own, to read how the loop turns: an auditor's."""
        return self._lasting(b"own", lambda: self._issuer.issue(Role.AUDITOR, subject=OWN_SUBJECT))

    def _lasting(self, key: bytes, issue: Callable[[], str]) -> str:
        now = self._clock()
        good_until, token = self._known.get(key, (now, ""))
        if good_until - now > _RENEWED_BEFORE:
            return token
        token = issue()
        self._known[key] = (now + timedelta(seconds=DEFAULT_TTL_S), token)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return token

    def _issue(self, session: Session) -> str:
        person = session.person
        return self._issuer.issue(
            person.role,
            area=person.area,
            entity=person.entity,
            platform=person.platform,
            source=person.source,
            subject=person.subject,
        )


class IssuerTokens:
    """Tokens of an issuer: that of the session, renewed shortly before it ends, by one request at a time."""

    def __init__(self, client: IssuerClient, sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._sessions = sessions
        self._clock = clock
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def token(self, session: Session, cookie: str) -> str | None:
        """See `TokenSource`."""
        tokens = _unlocked(session, cookie)
        if tokens is None or self._is_lasting(tokens):
            return None if tokens is None else tokens.access
        async with self._turns.setdefault(session.id_hash, asyncio.Lock()):
            tokens = await self.kept(session, cookie)
            if tokens is None or self._is_lasting(tokens):
                return None if tokens is None else tokens.access
            return await self._renewed(session, tokens, cookie)

    async def kept(self, session: Session, cookie: str) -> Tokens | None:
        """See `TokenSource`."""
        latest = await self._sessions.find(session.id_hash, self._clock())
        return None if latest is None else _unlocked(latest, cookie)

    async def _renewed(self, session: Session, tokens: Tokens, cookie: str) -> str | None:
        try:
            fresh = await self._client.refreshed(tokens, session.person)
        except IssuerSilent:
            if tokens.good_until > self._clock():
                return tokens.access
            raise
        except SignInRefused:
            return None
        await self._sessions.keep_tokens(session.id_hash, locked(fresh, cookie))
        return fresh.access

    def _is_lasting(self, tokens: Tokens) -> bool:
        return tokens.good_until - self._clock() >= _REFRESHED_BEFORE


def _unlocked(session: Session, cookie: str) -> Tokens | None:
    return unlocked(session.locked_tokens, cookie) if session.locked_tokens else None
