"""The bytes of files, listings and reports: a folder for each file."""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import msgspec

from ingestion_service.errors import FileRefused, WrongOffset
from ingestion_service.model.file import Job, ListingPage
from ingestion_service.store.files.listings import read_page

_AT_ONCE = 1024 * 1024
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Disk:
    """A `FileDisk` below one folder, which all processes of the service share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def length(self, file_id: UUID) -> int:
        """See `FileDisk`."""
        return await asyncio.to_thread(_length, Path(self.content(file_id)))

    async def append(
        self, file_id: UUID, start: int, chunks: AsyncIterator[bytes], most: int, *, anew: bool = False
    ) -> int:
        """See `FileDisk`. Each write is checked anew, so that of two who send at once only one goes on."""
        path = Path(self.content(file_id))
        file = await _opened(path, most, anew=anew)
        try:
            return await _go_on(file, path, start, _blocks(chunks), most)
        finally:
            await asyncio.to_thread(file.close)

    async def digest(self, file_id: UUID) -> bytes:
        """See `FileDisk`."""
        return await asyncio.to_thread(_digest, Path(self.content(file_id)))

    async def discard(self, file_id: UUID) -> None:
        """See `FileDisk`."""
        await asyncio.to_thread(shutil.rmtree, self._folder / str(file_id), ignore_errors=True)

    async def folders(self, older_than_s: float) -> Collection[UUID]:
        """See `FileDisk`."""
        return await asyncio.to_thread(_folders, self._folder, time.time() - older_than_s)

    async def write_listing(self, job: Job, at: int, lines: Sequence[bytes]) -> int:
        """See `FileDisk`. Durable when it returns: a position must not be ahead of its listing."""
        if not lines:
            return at
        return await asyncio.to_thread(_write_at, Path(self.listing(job)), at, b"\n".join(lines) + b"\n")

    async def read_listing(self, job: Job, start: int, limit: int, verdict: str | None) -> ListingPage:
        """See `FileDisk`."""
        path = Path(self.listing(job))
        return await asyncio.to_thread(read_page, path, job.listing_bytes, start, limit, verdict)

    def content(self, file_id: UUID) -> str:
        """See `FileDisk`."""
        return str(self._folder / str(file_id) / "content")

    def listing(self, job: Job) -> str:
        """See `FileDisk`."""
        return str(self._folder / str(job.file.id) / f"listing-{job.id}.ndjson")

    def report(self, job: Job) -> str:
        """See `FileDisk`."""
        return str(self._folder / str(job.file.id) / f"report-{job.id}.xlsx")

    def seen(self, job: Job) -> "SeenIds":
        """See `FileDisk`."""
        return SeenIds(self._folder / str(job.file.id) / f"seen-{job.id}.sqlite")


class SeenIds:
    """A `Seen` in a file of its own: a file may have more ids than memory holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None

    async def again(self, ids: Sequence[str]) -> Sequence[bool]:
        """See `Seen`."""
        return await asyncio.to_thread(self._again, ids)

    async def close(self) -> None:
        """See `Seen`."""
        await asyncio.to_thread(self._close)

    def _again(self, ids: Sequence[str]) -> list[bool]:
        database = self._open()
        wanted = msgspec.json.encode(ids).decode()
        query = "select id from seen where id in (select value from json_each(?))"
        known = {row[0] for row in database.execute(query, (wanted,))}
        again = []
        for each in ids:
            again.append(each in known)
            known.add(each)
        database.executemany("insert or ignore into seen values (?)", ((each,) for each in ids))
        return again

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.unlink(missing_ok=True)
            self._database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            for setting in ("journal_mode = off", "synchronous = off", "cache_size = -32768"):
                self._database.execute(f"pragma {setting}")
            self._database.execute("create table seen (id text primary key) without rowid")
            self._database.execute("begin")
        return self._database

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
        self._path.unlink(missing_ok=True)


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in blocks worth writing."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= _AT_ONCE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


async def _opened(path: Path, most: int, *, anew: bool) -> BinaryIO:
    """As `_open`. A thread cannot be called off: whoever is cancelled meanwhile waits, and its file is closed."""
    opening = asyncio.ensure_future(asyncio.to_thread(_open, path, most, anew=anew))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        await asyncio.wait({opening})
        raise


def _close(opening: "asyncio.Future[BinaryIO]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


async def _go_on(file: BinaryIO, path: Path, start: int, blocks: AsyncIterator[bytes], most: int) -> int:
    at = os.fstat(file.fileno()).st_size
    if start > at:
        raise WrongOffset(at)
    passed_over = at - start
    async for block in blocks:
        here, passed_over = block[passed_over:], max(passed_over - len(block), 0)
        if at + len(here) > most:
            raise FileRefused("body", f"goes beyond the {most} bytes that were announced", "no more bytes")
        if here:
            at = await asyncio.to_thread(_append, file, path, at, here)
    await asyncio.to_thread(os.fsync, file.fileno())
    return at


def _open(path: Path, most: int, *, anew: bool) -> BinaryIO:
    """The file to go on with, empty where it is begun anew; one that is all here already stays.

    Begun anew it is another file: whoever still writes to the one before finds that out.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    here = path.open("ab")
    if not anew:
        return here
    with _locked(here):
        if _length(path) in {0, most} or not _is_at(path, here):
            return here
        fresh = path.with_name(f"content-{uuid4()}")
        begun = fresh.open("xb")
        fresh.replace(path)
    here.close()
    return begun


def _append(file: BinaryIO, path: Path, at: int, block: bytes) -> int:
    with _locked(file):
        length = os.fstat(file.fileno()).st_size
        if length != at or not _is_at(path, file):
            raise WrongOffset(_length(path))
        file.write(block)
        file.flush()
    return at + len(block)


@contextmanager
def _locked(file: BinaryIO) -> Iterator[None]:
    """Nobody else writes to the file meanwhile."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_at(path: Path, file: BinaryIO) -> bool:
    """Whether the open file is still the one of that path."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))


def _folders(folder: Path, before_s: float) -> list[UUID]:
    if not folder.exists():
        return []
    with os.scandir(folder) as entries:
        return [
            UUID(entry.name)
            for entry in entries
            if _OURS.fullmatch(entry.name) and entry.is_dir() and entry.stat().st_mtime < before_s
        ]


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _write_at(path: Path, at: int, block: bytes) -> int:
    with path.open("r+b" if path.exists() else "x+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(block)
        file.flush()
        os.fdatasync(file.fileno())
    return at + len(block)
