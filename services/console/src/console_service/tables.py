"""The tables as queries name them; their constraints live in `migrations`, and a test compares the two."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()
_INSTANT = DateTime(timezone=True)


def _person() -> list[Column[str]]:
    return [
        Column(name, Text)
        for name in ("subject", "display_name", "role", "area", "entity", "platform", "source")
    ]


account = Table(
    "account",
    metadata,
    Column("username", Text, primary_key=True),
    *_person(),
    Column("password_hash", Text),
    Column("disabled", Boolean),
    Column("must_change", Boolean),
    Column("created_at", _INSTANT),
    Column("password_set_at", _INSTANT),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("username", Text),
    *_person(),
    Column("address", Text),
    Column("locked_tokens", Text),
    Column("must_change", Boolean),
    Column("began_at", _INSTANT),
    Column("seen_at", _INSTANT),
    Column("ended_at", _INSTANT),
    Column("end_reason", Text),
)

device = Table(
    "device",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("username", Text),
    Column("seen_at", _INSTANT),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("key", Text, primary_key=True),
    Column("count", Integer),
    Column("last_at", _INSTANT),
)

access_entry = Table(
    "access_entry",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("at", _INSTANT),
    *[Column(name, Text) for name in ("username", "subject", "role", "area", "address", "method", "service")],
    *[Column(name, Text) for name in ("path", "query", "entity")],
    Column("status", Integer),
    Column("duration_ms", Integer),
    Column("reason", Text),
)
