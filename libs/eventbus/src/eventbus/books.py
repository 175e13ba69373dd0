"""Books for the audit: digests of the keys a service holds, so that two services can be compared key by key.

A bucket's digest is the number of rows and the sum of the keys' hashes; equal digests mean equal books up to a
collision of 64-bit sums. Where they differ, the keys of that bucket tell which are missing or doubled.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

BUCKETS = 1024
_PATIENCE = text("set local statement_timeout = '10min'")  # whole books are read, in the hours of the audit


class BucketDigest(NamedTuple):
    """One bucket of a book: rows, the sum of their hashes as a decimal number, rows beyond the first of their key."""

    bucket: int
    rows: int
    keys_hash: str
    repeated: int


class UnknownBook(LookupError):
    """Raised when a service keeps no book of that name."""


class SqlBooks:
    """Books given as queries of one text column, the key.

    Args:
        engine: The service's database.
        queries: Query by book name.
    """

    def __init__(self, engine: AsyncEngine, queries: Mapping[str, str]) -> None:
        self._engine = engine
        self._queries = queries

    def names(self) -> list[str]:
        """The books kept here."""
        return sorted(self._queries)

    async def digests(self, book: str) -> list[BucketDigest]:
        """Digests of all non-empty buckets.

        Raises:
            UnknownBook: No such book.
        """
        statement = f"""
            select (hash & {BUCKETS - 1})::integer as bucket, count(*) as rows, sum(hash)::text as keys_hash,
                   count(*) - count(distinct hash) as repeated
            from (select hashtextextended(key, 0) as hash from ({self._query(book)}) as book (key)) as hashed
            group by 1 order by 1
        """
        async with self._engine.connect() as connection:
            await connection.execute(_PATIENCE)
            rows = await connection.execute(text(statement))
            return [BucketDigest(row.bucket, row.rows, row.keys_hash, row.repeated) for row in rows]

    async def keys(self, book: str, bucket: int) -> list[tuple[str, int]]:
        """The keys of one bucket and how often each is there, in order of key.

        Raises:
            UnknownBook: No such book.
        """
        statement = f"""
            select key, count(*) as rows from ({self._query(book)}) as book (key)
            where (hashtextextended(key, 0) & {BUCKETS - 1}) = :bucket group by key order by key
        """
        async with self._engine.connect() as connection:
            await connection.execute(_PATIENCE)
            rows = await connection.execute(text(statement), {"bucket": bucket})
            return [(row.key, row.rows) for row in rows]

    def _query(self, book: str) -> str:
        try:
            return self._queries[book]
        except KeyError:
            raise UnknownBook(book) from None
