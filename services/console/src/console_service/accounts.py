"""`python -m console_service.accounts put < accounts.jsonl`: built-in accounts, made or made anew, from standard input.

One JSON object per line: `username`, `password`, `role`, and as the role needs `area`, `entity`, `platform` or
`source`; `display_name` and `subject` are the username unless said. The password is for one login, after which its
owner chooses another, unless `must_change` is false. `DATABASE_URL` names the console's database, which
is brought up to date first. All lines are taken or none; the first that is wrong is named.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from console_service.errors import AccountExists, WeakPassword, WrongAccount
from console_service.model import AccessEntry, Person
from console_service.signing_in import Passwords
from console_service.signing_in.admission import put_accounts
from console_service.store import Accounts, migrate, open_engine

_NAMED = ("area", "entity", "platform", "source")
Wanted = tuple[Person, str, bool]


async def put(database_url: str, wanted: Iterable[Wanted]) -> int:
    """All these accounts are there, with these passwords; how many."""
    accounts = list(wanted)
    await asyncio.to_thread(migrate, database_url)
    engine = open_engine(database_url)
    try:
        await put_accounts(accounts, Accounts(engine), Passwords(), by_command(datetime.now(UTC)))
    finally:
        await engine.dispose()
    return len(accounts)


def by_command(now: datetime) -> AccessEntry:
    """What the access log has of an account that is put: by nobody who logged in, and from no address.

    No account can have this name.
    """
    return AccessEntry(
        at=now,
        username="command line",
        subject="cli",
        role="",
        area=None,
        address="",
        method="PUT",
        service="console",
        path="/accounts",
        query="",
        entity=None,
        status=200,
        duration_ms=0,
    )


def read(lines: Iterable[str]) -> list[Wanted]:
    """The accounts on these lines.

    Raises:
        WrongAccount: A line is not one.
    """
    return [_wanted(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _wanted(line: str, number: int) -> Wanted:
    try:
        told = json.loads(line)
        username, password, role = str(told["username"]), str(told["password"]), str(told["role"])
        must_change = told.get("must_change", True) is not False
        person = Person(
            username,
            str(told.get("subject") or username),
            str(told.get("display_name") or username),
            role,
            **{name: told.get(name) for name in _NAMED},
        )
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise WrongAccount(f"Line {number} is no account: {error!r}.") from error
    return person, password, must_change


def main(arguments: list[str]) -> int:
    """The exit code: 0 when all are there, 2 when the call or a line is wrong."""
    if arguments != ["put"] or "DATABASE_URL" not in os.environ:
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    try:
        count = asyncio.run(put(os.environ["DATABASE_URL"], read(sys.stdin)))
    except WrongAccount as error:
        sys.stderr.write(f"{error.problem}\n")
        return 2
    except AccountExists:
        sys.stderr.write("Two accounts would act under one subject.\n")
        return 2
    except WeakPassword as error:
        sys.stderr.write(f"A password is not taken; it needs {error.expected}.\n")
        return 2
    sys.stdout.write(json.dumps({"accounts": count}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
