"""Books for the audit, on PostgreSQL."""

import pytest
from eventbus import SqlBooks, UnknownBook
from sqlalchemy.ext.asyncio import create_async_engine

QUERIES = {
    "sound": "select unnest(array['a', 'b'])",
    "repeating": "select unnest(array['a', 'a', 'b'])",
}


async def test_a_key_that_is_there_twice_is_told_in_its_digest(fresh_database: str) -> None:
    """Two books with the same fault have the same rows and the same sum: only this shows it."""
    engine = create_async_engine(fresh_database)
    books = SqlBooks(engine, QUERIES)

    digests = {name: await books.digests(name) for name in QUERIES}
    (doubled,) = [digest for digest in digests["repeating"] if digest.repeated]
    keys = await books.keys("repeating", doubled.bucket)
    await engine.dispose()

    assert sum(digest.repeated for digest in digests["sound"]) == 0
    assert (doubled.rows, doubled.repeated) == (2, 1)
    assert ("a", 2) in keys


async def test_an_unknown_book_is_told(fresh_database: str) -> None:
    """A misspelt pair must not read as an empty book."""
    engine = create_async_engine(fresh_database)

    with pytest.raises(UnknownBook):
        await SqlBooks(engine, QUERIES).digests("other")

    await engine.dispose()
