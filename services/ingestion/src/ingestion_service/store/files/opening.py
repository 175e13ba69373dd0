"""Which kind of file is it? Its first bytes decide; a name that says otherwise is told of."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from ingestion_service.errors import FileRefused
from ingestion_service.model import mapping as model
from ingestion_service.model.mapping import FileFormat
from ingestion_service.store.files.csv_rows import open_csv
from ingestion_service.store.files.ndjson_rows import open_ndjson
from ingestion_service.store.files.tables import Table

_OF_SUFFIX: Mapping[str, FileFormat] = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".xlsx": FileFormat.XLSX,
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
    ".parquet": FileFormat.PARQUET,
}


def _open_xlsx(file: BinaryIO, mapping: model.Mapping) -> Table:
    from ingestion_service.store.files.xlsx_rows import open_xlsx  # noqa: PLC0415 - its parser is slow to import

    return open_xlsx(file, mapping)


def _open_parquet(file: BinaryIO, mapping: model.Mapping) -> Table:
    from ingestion_service.store.files.parquet_rows import open_parquet  # noqa: PLC0415 - its library is large

    return open_parquet(file, mapping)


_OPEN: Mapping[FileFormat, Callable[[BinaryIO, model.Mapping], Table]] = {
    FileFormat.CSV: open_csv,
    FileFormat.XLSX: _open_xlsx,
    FileFormat.NDJSON: open_ndjson,
    FileFormat.PARQUET: _open_parquet,
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP = b"\x1f\x8b"
KNOWN_SUFFIXES = ", ".join(_OF_SUFFIX)


def open_table(file: BinaryIO, name: str, mapping: model.Mapping) -> Table:
    """The file as a table.

    Raises:
        FileRefused: It is of no kind that is read, or of another than its name or its mapping says.
    """
    said = mapping.format or format_of_name(name)
    start = file.read(4096)
    file.seek(0)
    found = _found(start)
    if said is None or (found is not None and found is not said):
        problem = f"is named as {said or 'no kind that is read'}" + (f" and is {found}" if found else "")
        raise FileRefused("name", problem, f"a name that ends in {KNOWN_SUFFIXES}, as its contents are")
    if found is None and said in {FileFormat.XLSX, FileFormat.PARQUET}:
        raise FileRefused("file", f"is no {said}, as its name says", f"contents that are {said}")
    return _OPEN[said](file, mapping)


def format_of_name(name: str) -> FileFormat | None:
    """The kind of file that a name says."""
    return _OF_SUFFIX.get(Path(name).suffix.lower())


def _found(start: bytes) -> FileFormat | None:
    """What only the contents can be; None when they may be several kinds of text."""
    if start.startswith(_OLD_OFFICE):
        raise FileRefused("file", "is an old Excel workbook (.xls)", "the same saved as .xlsx or CSV")
    if start.startswith(_GZIP):
        raise FileRefused("file", "is compressed", "the file itself")
    if start.startswith(b"PK\x03\x04"):
        return FileFormat.XLSX
    if start.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return FileFormat.NDJSON
    return None
