"""Old codes of entities on PostgreSQL, and those that look like today's in memory.

What is stored are links, each told by one fact, so that taking one fact back takes nothing else with it. Writers of
links take turns until they commit: none makes a circle with another's, and versions are committed in their order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from eventbus import Transaction
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service.model.code import Alias
from ingestion_service.rules.recoding import LONGEST_CHAIN, learned

_USCC_LENGTH = 18
_IN_TURN = text("select pg_advisory_xact_lock(hashtextextended('ingestion/codes', 0))")
_WALK = f"""
    with recursive walk (start, code, step) as (
        select start, start, 0 from unnest(cast(:codes as text[])) as given (start)
        union all
        select start, code_alias.uscc, step + 1 from walk join code_alias on old_code = code
        where step < {LONGEST_CHAIN})
"""
_CURRENT = text(
    _WALK + "select distinct on (start) start, code from walk where step > 0 order by start, step desc"
)
_REACHED = text(
    _WALK + "select distinct old_code, code_alias.uscc from walk join code_alias on old_code = code"
)
_GONE = text("delete from code_alias where old_code = any(cast(:codes as text[]))")
_GIVEN = """
    unnest(cast(:old_codes as text[]), cast(:codes as text[]), cast(:source_ids as integer[]),
           cast(:fact_ids as text[])) as given (old_code, uscc, source_id, fact_id)
"""
_LEARN = text(f"""
    insert into code_alias (old_code, uscc, source_id, fact_id, learned_at)
    select old_code, uscc, source_id, fact_id, clock_timestamp() from {_GIVEN} returning old_code, uscc
""")
_CONTESTED = text(f"""
    insert into alert (kind, source_id, about, since, opened_at)
    select 'code_contested', source_id, old_code || ' of ' || fact_id, now(), now() from {_GIVEN}
    on conflict do nothing
""")
_FORGET = text("""
    delete from code_alias using unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]))
        as given (source_id, fact_id)
    where code_alias.source_id = given.source_id and code_alias.fact_id = given.fact_id returning old_code
""")
_SENT_UNDER = text("""
    insert into sent_under (source_id, fact_id, code)
    select * from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]), cast(:codes as text[]))
    on conflict do nothing
""")
_RECODED = text("select old_code, uscc from code_alias where length(old_code) = 18")
_VERSION = text("select count(*), max(version) from code_alias where length(old_code) = 18")
_JOINED_UNTIL = text("select coalesce(max(until), 'epoch') from code_join")
_NOTE_JOINED = text("""
    insert into code_join (until) values (:until)
    on conflict ((true)) do update set until = greatest(code_join.until, excluded.until)
""")


class CodeBook:
    """Earlier USCCs and those that came next in memory, and what has to be known to judge a held fact again.

    Args:
        tolerance: How far in the future something may have happened.
    """

    def __init__(self, tolerance: timedelta = timedelta(days=1)) -> None:
        self.recoded: dict[str, str] = {}
        self.tolerance_ms = int(tolerance.total_seconds() * 1000)
        self._version: tuple[int, int | None] = (0, None)

    async def refresh(self, engine: AsyncEngine) -> None:
        """The codes are as the database has them; read anew only where they changed."""
        async with engine.connect() as connection:
            row = (await connection.execute(_VERSION)).one()
            version = (row[0], row[1])
            if version != self._version:
                rows = await connection.execute(_RECODED)
                self.recoded = {row.old_code: row.uscc for row in rows}
                self._version = version

    def change(self, links: Mapping[str, str], gone: Iterable[str]) -> None:
        """These were committed just now."""
        for code in gone:
            self.recoded.pop(code, None)
        self.recoded.update({old: code for old, code in links.items() if len(old) == _USCC_LENGTH})


class SqlCodes:
    """`Codes` inside one transaction."""

    def __init__(self, transaction: Transaction, book: CodeBook) -> None:
        self._transaction = transaction
        self._book = book

    @property
    def recoded(self) -> Mapping[str, str]:
        """See `Codes`."""
        return self._book.recoded

    def latest_ms(self, at_ms: int) -> int:
        """See `Codes`."""
        return at_ms + self._book.tolerance_ms

    async def current(self, codes: Collection[str]) -> Mapping[str, str]:
        """See `Codes`."""
        rows = await self._transaction.connection.execute(_CURRENT, {"codes": sorted(codes)})
        return {row.start: row.code for row in rows}

    async def learn(self, told: Sequence[Alias]) -> None:
        """See `Codes`."""
        connection = self._transaction.connection
        await connection.execute(_IN_TURN)
        codes = sorted({code for alias in told for code in (alias.old_code, alias.uscc)})
        reached = {row.old_code: row.uscc for row in await connection.execute(_REACHED, {"codes": codes})}
        new = learned(told, reached)
        if new.gone:
            await connection.execute(_GONE, {"codes": list(new.gone)})
        stored = await connection.execute(_LEARN, _given(new.links))
        links = {row.old_code: row.uscc for row in stored}
        if new.contested:
            await connection.execute(_CONTESTED, _given(new.contested))
        self._transaction.after_commit(lambda: self._book.change(links, new.gone))

    async def forget(self, facts: Collection[tuple[int, str]]) -> None:
        """See `Codes`."""
        connection, keys = self._transaction.connection, sorted(facts)
        values = {"source_ids": [key[0] for key in keys], "fact_ids": [key[1] for key in keys]}
        if gone := list((await connection.execute(_FORGET, values)).scalars()):
            self._transaction.after_commit(lambda: self._book.change({}, gone))

    async def sent_under(self, codes: Mapping[tuple[int, str], str]) -> None:
        """See `Codes`."""
        values = {
            "source_ids": [source_id for source_id, _ in codes],
            "fact_ids": [fact_id for _, fact_id in codes],
            "codes": list(codes.values()),
        }
        await self._transaction.connection.execute(_SENT_UNDER, values)

    async def joined_until(self) -> datetime:
        """See `Codes`."""
        until: datetime = (await self._transaction.connection.execute(_JOINED_UNTIL)).scalar_one()
        return until

    async def note_joined(self, until: datetime) -> None:
        """See `Codes`."""
        await self._transaction.connection.execute(_NOTE_JOINED, {"until": until})


def _given(told: Sequence[Alias]) -> dict[str, list[Any]]:
    return {
        "old_codes": [alias.old_code for alias in told],
        "codes": [alias.uscc for alias in told],
        "source_ids": [alias.source_id for alias in told],
        "fact_ids": [alias.fact_id for alias in told],
    }
