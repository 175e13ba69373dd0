"""The process that reads a file: its parsers may fail, block or grow without harm to the service.

An order comes on stdin, messages go to stdout, each after its length; the pipe's room is all that is read ahead.
It ends when nobody reads any more.
"""

import os
import resource
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ingestion_service.errors import FileRefused
from ingestion_service.model import mapping as model
from ingestion_service.model.file import Ended, Message, Opened, ReadOrder, ReportOrder, Trouble
from ingestion_service.model.mapping import FileFormat
from ingestion_service.rules.mapping.rows import RowMapper
from ingestion_service.store.files.ndjson_rows import first_object
from ingestion_service.store.files.opening import open_table
from ingestion_service.store.files.pieces import pieces

MOST_MEMORY = 1024**3
_NICE = 5
_encode = msgspec.msgpack.Encoder().encode


def read_rows(order: ReadOrder) -> Iterator[Message]:
    """The file's rows, mapped.

    Raises:
        FileRefused: The file cannot be read as a whole, or has no rows.
    """
    mapping = msgspec.json.decode(order.mapping, type=model.Mapping)
    rows = 0
    with Path(order.path).open("rb") as file:
        table = open_table(file, order.name, mapping)
        mapper = RowMapper(mapping, order.source, table.header, open_header=table.open_header)
        yield Opened(table.header, table.format, table.encoding)
        for piece in pieces(table, mapper, order.after):
            rows += len(piece.rows)
            yield piece
    if not rows and not order.after:
        raise FileRefused("file", "has no rows", "rows below the header")
    yield Ended(rows)


def read_header(order: ReadOrder) -> Iterator[Message]:
    """Only what the columns are called."""
    mapping = msgspec.json.decode(order.mapping, type=model.Mapping)
    with Path(order.path).open("rb") as file:
        table = open_table(file, order.name, mapping)
        header = first_object(file) if table.format == FileFormat.NDJSON else table.header
        yield Opened(header, table.format, table.encoding)


def report(order: ReportOrder) -> Iterator[Message]:
    """The report is in its place."""
    from ingestion_service.store.files.report import write_report  # noqa: PLC0415 - only reports need openpyxl

    yield Ended(write_report(order))


_WORK: Mapping[str, tuple[type, Callable[..., Iterator[Message]]]] = {
    "rows": (ReadOrder, read_rows),
    "header": (ReadOrder, read_header),
    "report": (ReportOrder, report),
}


def messages(work: str, order: bytes) -> Iterator[Message]:
    """What the work comes to; where it cannot be done, the last tells why."""
    of, do = _WORK[work]
    try:
        yield from do(msgspec.msgpack.decode(order, type=of))
    except FileRefused as refused:
        yield Trouble(refused.field, refused.problem, refused.expected)
    except MemoryError:
        yield Trouble("file", "needs more memory to be read than is allowed", "a smaller file, or CSV")


def main() -> None:
    """Do what the argument says with the order on stdin."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    os.nice(_NICE)
    out = sys.stdout.buffer
    try:
        for message in messages(sys.argv[1], sys.stdin.buffer.read()):
            frame = _encode(message)
            out.write(struct.pack("!I", len(frame)) + frame)
            out.flush()
    except BrokenPipeError:
        os._exit(0)  # nobody waits for it any more; an orderly end would try to write what is left


if __name__ == "__main__":
    main()
