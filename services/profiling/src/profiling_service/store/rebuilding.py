"""Reads every stored fact anew when the forms changed: adding to a pack is enough for old facts to be seen so too."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from profiling_service.rules.profiles import RuleBook
from profiling_service.store.history import fact_reader

_CHUNK = 5000
_PATIENTLY = text("set local statement_timeout = 0")
_ALONE = text("select pg_advisory_lock(hashtext('profiling.rule_data'))")
_AFTERWARDS = text("select pg_advisory_unlock(hashtext('profiling.rule_data'))")
_MADE_BY = text("select forms_sha256, rules_sha256 from rule_data")
_FACTS = text("""
    select uscc, number, source, payload from fact
    where (uscc collate "C", number) > (cast(:uscc as text) collate "C", cast(:number as integer))
    order by uscc, number limit :limit
""")
_WRITE = text("""
    update fact set features = made.features

    from unnest(cast(:usccs as text[]), cast(:numbers as integer[]), cast(:features as bytea[]))
        as made (uscc, number, features)
    where fact.uscc = made.uscc and fact.number = made.number and fact.features <> made.features
""")
_LOOK_AGAIN = text("update entity set next_look = 0 where next_look > 0")
_DONE = text("""
    insert into rule_data (forms_sha256, rules_sha256) values (:forms, :rules) on conflict (one)
    do update set forms_sha256 = excluded.forms_sha256, rules_sha256 = excluded.rules_sha256
""")


async def rebuild(engine: AsyncEngine, book: RuleBook) -> int:
    """Features of all facts are those of the forms in force; after any change of rules the next run looks at everybody.

    Cut short, it begins anew: nothing is lost, since features follow from the event's bytes. Processes that start
    together wait for one another; one of an earlier version must have been stopped.

    Returns:
        How many facts were read; 0 when they were made by these forms already.
    """
    async with engine.connect() as alone:
        await alone.execute(_PATIENTLY)
        await alone.execute(_ALONE)
        made_by = (await alone.execute(_MADE_BY)).one_or_none()
        read = 0
        if made_by is None or made_by.forms_sha256 != book.forms_sha256:
            read = await _read_all(engine, book)
        if made_by is None or made_by.rules_sha256 != book.sha256:
            await _settle(engine, book)
        await alone.execute(_AFTERWARDS)
        await alone.commit()
    return read


async def _settle(engine: AsyncEngine, book: RuleBook) -> None:
    async with engine.begin() as connection:
        await connection.execute(_PATIENTLY)
        await connection.execute(_LOOK_AGAIN)
        await connection.execute(_DONE, {"forms": book.forms_sha256, "rules": book.sha256})


async def _read_all(engine: AsyncEngine, book: RuleBook) -> int:
    fact, read, after = fact_reader(book), 0, {"uscc": "", "number": 0, "limit": _CHUNK}
    while True:
        async with engine.begin() as connection:
            rows = (await connection.execute(_FACTS, after)).all()
            if not rows:
                return read
            await _write(connection, [(row, fact(row.source, bytes(row.payload)).features) for row in rows])
        read += len(rows)
        after |= {"uscc": rows[-1].uscc, "number": rows[-1].number}


async def _write(connection: AsyncConnection, made: list[tuple[Any, bytes]]) -> None:
    columns = {
        "usccs": [row.uscc for row, _ in made],
        "numbers": [row.number for row, _ in made],
        "features": [features for _, features in made],
    }
    await connection.execute(_WRITE, columns)
