"""Built-in accounts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console_service.errors import AccountExists, UnknownAccount
from console_service.model import Account, AccountChange, Person
from console_service.store.rows import PERSON, account_of, values_of

_COLUMNS = f"{PERSON}, password_hash, disabled, created_at, password_set_at"
_VALUES = ", ".join(f":{name}" for name in PERSON.split(", "))
_INSERT = f"""
    insert into account ({PERSON}, password_hash, created_at, password_set_at)
    values ({_VALUES}, :password_hash, :now, :now)
"""
_TAKE_OVER = ", ".join(f"{name} = excluded.{name}" for name in PERSON.split(", ")[1:])


class Accounts:
    """The accounts; whatever changes what somebody may do ends the sessions they have."""

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

    async def add(self, person: Person, password_hash: str, now: datetime) -> None:
        """The account is there.

        Raises:
            AccountExists: The name is taken, or the subject by another.
        """
        values = {**values_of(person), "password_hash": password_hash, "now": now}
        with _told_taken():
            async with self._engine.begin() as connection:
                await connection.execute(text(_INSERT), values)

    async def put(self, accounts: Sequence[tuple[Person, str]], now: datetime) -> None:
        """All these accounts are there with these passwords, whatever was there before; sessions of theirs end.

        Raises:
            AccountExists: A subject is taken by another account.
        """
        statement = text(
            f"{_INSERT} on conflict (username) do update set {_TAKE_OVER}, "
            "password_hash = excluded.password_hash, password_set_at = excluded.password_set_at, disabled = false"
        )
        rows = [{**values_of(person), "password_hash": hashed, "now": now} for person, hashed in accounts]
        if not rows:
            return
        with _told_taken():
            async with self._engine.begin() as connection:
                await connection.execute(statement, rows)
                await _end_sessions(connection, [person.username for person, _ in accounts], "password", now)

    async def change(self, username: str, change: AccountChange, now: datetime) -> Account:
        """The account as it is now.

        Raises:
            UnknownAccount: There is none of this name.
        """
        statement = text(f"""
            update account set display_name = coalesce(:display_name, display_name),
                area = coalesce(:area, area), disabled = coalesce(:disabled, disabled)
            where username = :username returning {_COLUMNS}
        """)
        values = {
            "username": username,
            "display_name": change.display_name,
            "area": change.area,
            "disabled": change.disabled,
        }
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement, values)).first()
            if row is None:
                raise UnknownAccount
            if change.ends_sessions:
                await _end_sessions(connection, [username], "disabled" if change.disabled else "changed", now)
        return account_of(row)

    async def set_password(self, username: str, password_hash: str, now: datetime) -> None:
        """The password is this one from now on, and everybody logged in with the one before is out.

        Raises:
            UnknownAccount: There is none of this name.
        """
        statement = text(
            "update account set password_hash = :hash, password_set_at = :now where username = :username"
        )
        async with self._engine.begin() as connection:
            values = {"username": username, "hash": password_hash, "now": now}
            if (await connection.execute(statement, values)).rowcount == 0:
                raise UnknownAccount
            await _end_sessions(connection, [username], "password", now)

    async def rehash(self, username: str, before: str, after: str) -> None:
        """The same password, hashed by today's parameters, unless it was changed meanwhile."""
        statement = text(
            "update account set password_hash = :after where username = :username and password_hash = :before"
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement, {"username": username, "before": before, "after": after})


@contextmanager
def _told_taken() -> Iterator[None]:
    """A name or subject that is taken is told as that."""
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != "23505":
            raise
        raise AccountExists from error


async def _end_sessions(
    connection: AsyncConnection, usernames: Sequence[str], reason: str, now: datetime
) -> None:
    statement = text("""
        update session set ended_at = :now, end_reason = :reason, locked_tokens = null
        where username = any(:usernames) and ended_at is null
    """)
    await connection.execute(statement, {"usernames": list(usernames), "reason": reason, "now": now})
