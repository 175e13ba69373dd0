"""The login desk: lets people in and out, and knows who is in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from console_service.errors import LoginRefused
from console_service.model import Account, Person, Session, Tokens
from console_service.rules.throttling import keys_of
from console_service.signing_in.passwords import Passwords
from console_service.signing_in.secrets import hash_of, locked, new_cookie
from console_service.store import Accounts, Logins, Sessions


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody got in.

    Attributes:
        session: the session that began.
        cookie: what their browser shows from now on.
        device: what tells the browser apart when somebody else guesses at this account; None with an issuer.
    """

    session: Session
    cookie: str
    device: str | None = None


class LoginDesk:
    """Lets people in by password, or on the word of an issuer."""

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        logins: Logins,
        passwords: Passwords,
        clock: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._logins = logins
        self._passwords = passwords
        self._clock = clock

    async def enter(self, username: str, password: str, address: str, device: str) -> Entered:
        """The session of whoever knows the password.

        Raises:
            LoginThrottled: There were too many failures; this attempt was not looked at.
            LoginRefused: The name or the password is wrong, or the account is disabled.
        """
        now = self._clock()
        shown = hash_of(device)
        known = shown is not None and await self._logins.knows(shown, username)
        keys = keys_of(username, address, shown.hex() if known and shown else None)
        await self._logins.attempt(keys, now)
        account = await self._checked(username, password)
        entered = await self._begun(account, address, now)
        await self._logins.succeeded(keys)
        return Entered(
            entered.session, entered.cookie, device if known else await self._device(username, now)
        )

    async def _checked(self, username: str, password: str) -> Account:
        account = await self._accounts.find(username)
        stored = None if account is None else account.password_hash
        if not await self._passwords.fits(password, stored) or account is None:
            raise LoginRefused
        if self._passwords.is_dated(account.password_hash):
            fresh = await self._passwords.hash(password)
            await self._accounts.rehash(username, account.password_hash, fresh)
            return replace(account, password_hash=fresh)
        return account

    async def _begun(self, account: Account, address: str, now: datetime) -> Entered:
        cookie = new_cookie()
        session = Session(hash_of(cookie) or b"", account.person, now, now)
        if not await self._sessions.begin(session, account.password_hash, address):
            raise LoginRefused
        return Entered(session, cookie)

    async def _device(self, username: str, now: datetime) -> str:
        device = new_cookie()
        await self._logins.remember(hash_of(device) or b"", username, now)
        return device

    async def enter_from_issuer(self, person: Person, tokens: Tokens, address: str) -> Entered:
        """The session of somebody whom the issuer vouches for."""
        now = self._clock()
        cookie = new_cookie()
        session = Session(hash_of(cookie) or b"", person, now, now, locked(tokens, cookie))
        await self._sessions.begin_from_issuer(session, address)
        return Entered(session, cookie)

    async def who(self, cookie: str) -> Session | None:
        """The session of this cookie, unless it is over."""
        id_hash = hash_of(cookie)
        return None if id_hash is None else await self._sessions.find(id_hash, self._clock())

    async def see(self, session: Session) -> None:
        """Something was done in it by its person, not by a page that only refreshes itself."""
        await self._sessions.see(session, self._clock())

    async def leave(self, session: Session, reason: str) -> None:
        """The session is over."""
        await self._sessions.end(session.id_hash, reason, self._clock())
