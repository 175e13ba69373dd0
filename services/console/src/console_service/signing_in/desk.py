"""The login desk: lets people in and out, and knows who is in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from console_service.errors import LoginRefused, WeakPassword
from console_service.model import AccessEntry, Account, Person, Session, Tokens
from console_service.rules.throttling import keys_of
from console_service.signing_in.admission import require_strong
from console_service.signing_in.passwords import Passwords
from console_service.signing_in.secrets import hash_of, locked, new_cookie
from console_service.store import Accounts, Logins, Sessions


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody says that they know an account's password.

    Attributes:
        username: whose.
        password: what they say it is.
        address: from where.
        device: the cookie by which browsers that have opened an account are known; may be empty.
    """

    username: str
    password: str
    address: str
    device: str


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

    async def enter(self, attempt: Attempt) -> Entered:
        """The session of whoever knows the password.

        Raises:
            LoginThrottled: There were too many failures; this attempt was not looked at.
            LoginRefused: The name or the password is wrong, or the account is disabled.
        """
        now = self._clock()
        keys, known = await self._counted(attempt, now)
        account = await self._checked(attempt.username, attempt.password)
        entered = await self._begun(account, attempt.address, now)
        await self._logins.succeeded(keys)
        device = attempt.device if known else await self._device(attempt.username, now)
        return replace(entered, device=device)

    async def choose_password(
        self, session: Session, attempt: Attempt, wanted: str, entry: AccessEntry
    ) -> Entered:
        """The account's password is the one wanted; the session goes on under another cookie, all others are over.

        A choice that is not taken is no guess at the password of now, and counts as none.

        Raises:
            WeakPassword: It is not taken.
            LoginThrottled: There were too many failures; this attempt was not looked at.
            LoginRefused: The password of now is another, or the account is disabled.
        """
        if wanted == attempt.password:
            raise WeakPassword("another one than before")
        require_strong(attempt.username, wanted)
        keys, _ = await self._counted(attempt, self._clock())
        account = await self._checked(attempt.username, attempt.password)
        fresh = await self._passwords.hash(wanted)
        cookie = new_cookie()
        id_hash = hash_of(cookie) or b""
        if not await self._accounts.choose_password(session, account.password_hash, fresh, id_hash, entry):
            raise LoginRefused
        await self._logins.succeeded(keys)
        return Entered(replace(session, id_hash=id_hash, must_change=False), cookie)

    async def _counted(self, attempt: Attempt, now: datetime) -> tuple[list[str], bool]:
        """What the attempt counts under as a failure until it succeeds, and whether the browser is known."""
        shown = hash_of(attempt.device)
        known = shown is not None and await self._logins.knows(shown, attempt.username)
        keys = keys_of(attempt.username, attempt.address, shown.hex() if known and shown else None)
        await self._logins.attempt(keys, now)
        return keys, known

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
        session = Session(hash_of(cookie) or b"", account.person, now, now, must_change=account.must_change)
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
