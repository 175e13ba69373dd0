"""Built-in accounts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console_service.errors import AccountExists, UnknownAccount
from console_service.model import AccessEntry, Account, AccountChange, GivenAccount, Person, Session
from console_service.rules import queries
from console_service.store.access_log import write_entries
from console_service.store.rows import PERSON, account_of, values_of

_COLUMNS = f"{PERSON}, password_hash, disabled, must_change, created_at, password_set_at"
_VALUES = ", ".join(f":{name}" for name in PERSON.split(", "))
_INSERT = f"""
    insert into account ({PERSON}, password_hash, must_change, created_at, password_set_at)
    values ({_VALUES}, :password_hash, :must_change, :now, :now)
"""
_TAKE_OVER = ", ".join(f"{name} = excluded.{name}" for name in PERSON.split(", ")[1:])


class Accounts:
    """The accounts; whatever changes what somebody may do ends the sessions they have.

    A change and its entry in the access log are one transaction.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, username: str) -> Account | None:
        """The account of this name."""
        async with self._engine.connect() as connection:
            statement = text(f"select {_COLUMNS} from account where username = :username")
            row = (await connection.execute(statement, {"username": username})).first()
        return None if row is None else account_of(row)

    async def page(self, after: str, limit: int) -> Sequence[Account]:
        """Accounts in order of name, those after the one given."""
        statement = text(
            f"select {_COLUMNS} from account where username > :after order by username limit :limit"
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(statement, {"after": after, "limit": limit})
            return [account_of(row) for row in rows]

    async def add(self, person: Person, password_hash: str, entry: AccessEntry) -> None:
        """The account is there, its password for one login.

        Raises:
            AccountExists: The name is taken, or the subject by another.
        """
        known = {"password_hash": password_hash, "must_change": True, "now": entry.at}
        with _told_taken():
            async with self._engine.begin() as connection:
                await connection.execute(text(_INSERT), {**values_of(person), **known})
                await write_entries(connection, [entry])

    async def put(self, accounts: Sequence[GivenAccount], entry: AccessEntry) -> None:
        """All these accounts are there with these passwords, whatever was there before; sessions of theirs end.

        The log has the entry once for each, with what is otherwise than before.

        Raises:
            AccountExists: A subject is taken by another account.
        """
        statement = text(
            f"{_INSERT} on conflict (username) do update set {_TAKE_OVER}, "
            "password_hash = excluded.password_hash, must_change = excluded.must_change, "
            "password_set_at = excluded.password_set_at, disabled = false"
        )
        if not accounts:
            return
        rows = [_row(given, entry.at) for given in accounts]
        names = [given.person.username for given in accounts]
        with _told_taken():
            async with self._engine.begin() as connection:
                before = await _locked(connection, names)
                await connection.execute(statement, rows)
                await write_entries(connection, [_given(entry, each, before) for each in accounts])
                await _end_sessions(connection, names, "password", entry.at)

    async def change(self, username: str, change: AccountChange, entry: AccessEntry) -> Account:
        """The account as it is now.

        Raises:
            UnknownAccount: There is none of this name.
        """
        statement = text(f"""
            update account set display_name = coalesce(:display_name, display_name),
                area = coalesce(:area, area), disabled = coalesce(:disabled, disabled)
            where username = :username returning {_COLUMNS}
        """)
        values = {"username": username, **asdict(change)}
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement, values)).first()
            if row is None:
                raise UnknownAccount
            await write_entries(connection, [entry])
            if change.ends_sessions:
                reason = "disabled" if change.disabled else "changed"
                await _end_sessions(connection, [username], reason, entry.at)
        return account_of(row)

    async def set_password(self, username: str, password_hash: str, entry: AccessEntry) -> None:
        """The password is this one for one login, and everybody logged in with the one before is out.

        Raises:
            UnknownAccount: There is none of this name.
        """
        statement = text(
            "update account set password_hash = :hash, must_change = true, password_set_at = :now "
            "where username = :username"
        )
        async with self._engine.begin() as connection:
            values = {"username": username, "hash": password_hash, "now": entry.at}
            if (await connection.execute(statement, values)).rowcount == 0:
                raise UnknownAccount
            await write_entries(connection, [entry])
            await _end_sessions(connection, [username], "password", entry.at)

    async def choose_password(
        self, session: Session, before: str, after: str, id_hash: bytes, entry: AccessEntry
    ) -> bool:
        """Whether the password is the one chosen in this session, not when it or the account was changed meanwhile.

        The session goes on under a new cookie; all others of the account are over.
        """
        values = {
            "username": session.person.username,
            "before": before,
            "after": after,
            "session": session.id_hash,
            "id_hash": id_hash,
            "now": entry.at,
        }
        async with self._engine.begin() as connection:
            if (await connection.execute(_CHOOSE, values)).rowcount == 0:
                return False
            await connection.execute(_GO_ON, values)
            await connection.execute(_END_OTHERS, values)
            await write_entries(connection, [entry])
        return True

    async def rehash(self, username: str, before: str, after: str) -> None:
        """The same password, hashed by today's parameters, unless it was changed meanwhile."""
        statement = text(
            "update account set password_hash = :after where username = :username and password_hash = :before"
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement, {"username": username, "before": before, "after": after})


_CHOOSE = text("""
    update account set password_hash = :after, must_change = false, password_set_at = :now
    where username = :username and password_hash = :before and not disabled
""")
_GO_ON = text("""
    update session set id_hash = :id_hash, must_change = false
    where id_hash = :session and ended_at is null
""")
_END_OTHERS = text("""
    update session set ended_at = :now, end_reason = 'password', locked_tokens = null
    where username = :username and id_hash <> :id_hash and ended_at is null
""")


@contextmanager
def _told_taken() -> Iterator[None]:
    """A name or subject that is taken is told as that."""
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != "23505":
            raise
        raise AccountExists from error


async def _locked(connection: AsyncConnection, usernames: Sequence[str]) -> dict[str, Account]:
    """Those of these accounts that are there, by name; nobody else changes them meanwhile."""
    statement = text(
        f"select {_COLUMNS} from account where username = any(:usernames) order by username for update"
    )
    rows = await connection.execute(statement, {"usernames": list(usernames)})
    return {row.username: account_of(row) for row in rows}


def _row(given: GivenAccount, now: datetime) -> dict[str, object]:
    hashed = {"password_hash": given.password_hash, "must_change": given.must_change}
    return {**values_of(given.person), **hashed, "now": now}


def _given(entry: AccessEntry, given: GivenAccount, before: Mapping[str, Account]) -> AccessEntry:
    username = given.person.username
    query = queries.told(given.told(before.get(username)).items())
    return replace(entry, path=f"/accounts/{username}", query=query)


async def _end_sessions(
    connection: AsyncConnection, usernames: Sequence[str], reason: str, now: datetime
) -> None:
    statement = text("""
        update session set ended_at = :now, end_reason = :reason, locked_tokens = null
        where username = any(:usernames) and ended_at is null
    """)
    await connection.execute(statement, {"usernames": list(usernames), "reason": reason, "now": now})
