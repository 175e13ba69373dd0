"""Has files read, and reports written, by a process apart (see `child`)."""

import asyncio
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import msgspec

from ingestion_service.errors import FileRefused
from ingestion_service.model.file import Ended, Message, Opened, Piece, ReadOrder, ReportOrder, Trouble

_decode = msgspec.msgpack.Decoder(Message).decode
_encode = msgspec.msgpack.Encoder().encode
_READ_AHEAD = 4 * 1024 * 1024
_LENGTH = struct.Struct("!I")


class ChildReader:
    """A `FileReader` that starts a process for each order."""

    async def read(self, order: ReadOrder) -> AsyncIterator[Opened | Piece]:
        """See `FileReader`."""
        async with aclosing(_messages("rows", _encode(order))) as messages:  # type: ignore[type-var]
            async for message in messages:
                if isinstance(message, Opened | Piece):
                    yield message

    async def header(self, order: ReadOrder) -> Opened:
        """See `FileReader`."""
        async with aclosing(_messages("header", _encode(order))) as messages:  # type: ignore[type-var]
            async for message in messages:
                if isinstance(message, Opened):
                    return message
        raise FileRefused("file", "cannot be read", "a file with a header")

    async def report(self, order: ReportOrder) -> None:
        """See `FileReader`."""
        async with aclosing(_messages("report", _encode(order))) as messages:  # type: ignore[type-var]
            async for _ in messages:
                pass


async def _messages(work: str, order: bytes) -> AsyncIterator[Message]:
    """What the process tells, until it has told that it ended.

    Raises:
        FileRefused: It told of trouble, or ended without a word.
    """
    async with _started(work, order) as stdout:
        while True:
            try:
                length = _LENGTH.unpack(await stdout.readexactly(_LENGTH.size))[0]
                message = _decode(await stdout.readexactly(length))
            except asyncio.IncompleteReadError as error:
                raise FileRefused(
                    "file", "ended the process that read it", "a file that can be read"
                ) from error
            if isinstance(message, Trouble):
                raise FileRefused(message.field, message.problem, message.expected)
            yield message
            if isinstance(message, Ended) or (work == "header" and isinstance(message, Opened)):
                return


@asynccontextmanager
async def _started(work: str, order: bytes) -> AsyncIterator[asyncio.StreamReader]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ingestion_service.store.files.child",
        work,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_READ_AHEAD,
    )
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(order)
        process.stdin.close()
        yield process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
