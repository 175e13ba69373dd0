"""How a source's file becomes facts: which column is what, and how its cells are to be read (映射)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

ColumnName = Annotated[str, Meta(min_length=1, max_length=200)]
Place = Annotated[str, Meta(max_length=100, description="subject, time, id or data.<member>")]
CellText = Annotated[str, Meta(max_length=2000)]


class Unmapped(StrEnum):
    """What becomes of a cell that a table of codes does not know."""

    REFUSE = "refuse"
    LEAVE = "leave"
    EMPTY = "empty"


class Unit(StrEnum):
    """What an amount of the file is counted in; facts count fen (分)."""

    FEN = "fen"
    YUAN = "yuan"
    WAN_YUAN = "wan_yuan"


class FileFormat(StrEnum):
    """Kinds of file that are read."""

    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class CodeTable(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words of the file and the codes they stand for; `unmapped` says what becomes of any other word."""

    table: Annotated[dict[CellText, CellText], Meta(min_length=1, max_length=5000)]
    unmapped: Unmapped = Unmapped.REFUSE


class BuiltId(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An id put together from columns: the same row has the same id in every file."""

    columns: Annotated[list[ColumnName], Meta(min_length=1, max_length=10)]
    separator: Annotated[str, Meta(max_length=5)] = "|"
    prefix: Annotated[str, Meta(max_length=50)] = ""


class Mapping(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping, as people write it.

    Attributes:
        fact_type: The type of every row's fact.
        columns: Column of the file → where it goes; a column may go to several places.
        id: How the id is built, unless a column is it.
        constants: What is the same for every row, as text.
        codes: Tables of codes, by place.
        dates: Forms in which days and instants are written, by place (`%Y年%m月%d日`); tried in order, after ISO 8601.
        units: What amounts are counted in, by place.
        lists: What separates the items of a list, by place.
        empty: Words that mean nothing is there.
        trim: Whether space around a cell is dropped.
        format: Kind of file; by its name when not given.
        encoding: Encoding of its text; found out when not given.
        delimiter: What separates cells of a CSV; found out when not given.
        header_row: The row with the names of the columns; rows above it are passed over.
        sheet: Sheet of a workbook; the first when not given.
    """

    fact_type: Annotated[str, Meta(max_length=200)]
    columns: Annotated[
        dict[ColumnName, Place | Annotated[list[Place], Meta(min_length=1, max_length=20)]],
        Meta(max_length=200),
    ]
    id: BuiltId | None = None
    constants: Annotated[dict[Place, CellText], Meta(max_length=100)] = {}
    codes: Annotated[dict[Place, CodeTable], Meta(max_length=100)] = {}
    dates: Annotated[
        dict[Place, Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=10)]],
        Meta(max_length=100),
    ] = {}
    units: Annotated[dict[Place, Unit], Meta(max_length=100)] = {}
    lists: Annotated[dict[Place, Annotated[str, Meta(min_length=1, max_length=5)]], Meta(max_length=100)] = {}
    empty: Annotated[list[CellText], Meta(max_length=50)] = []
    trim: bool = True
    format: FileFormat | None = None
    encoding: Annotated[str, Meta(max_length=20)] | None = None
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    header_row: Annotated[int, Meta(ge=1, le=100)] = 1
    sheet: Annotated[str, Meta(min_length=1, max_length=31)] | None = None

    def sources_of(self) -> dict[str, str]:
        """Place → the column it is read from; where two columns claim a place, the later."""
        return {place: column for column, to in self.columns.items() for place in places(to)}


class StoredMapping(Struct, frozen=True):
    """One version of a mapping; the versions before it are kept."""

    source: str
    name: str
    version: int
    mapping: Mapping
    created_by: str
    created_at: str


def places(to: str | list[str]) -> list[str]:
    """Where a column goes, always as a list."""
    return [to] if isinstance(to, str) else to


ENCODINGS = ("utf-8", "gb18030", "utf-16")
"""Encodings that are read; gb18030 includes GBK and GB2312."""
