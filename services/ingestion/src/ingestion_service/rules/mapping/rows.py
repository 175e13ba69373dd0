"""Turns rows into CloudEvents, by a mapping and the header of the file."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ingestion_service.errors import CellRefused, FileRefused
from ingestion_service.model import mapping as model
from ingestion_service.model.mapping import Unit
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.mapping.cells import Manner, Read, named, reader
from ingestion_service.rules.mapping.members import Kind, Member, members_of

_encode = msgspec.json.Encoder().encode
Row = Sequence[object]


class Refused(NamedTuple):
    """A row that is no CloudEvent; its id where it has one."""

    id: str | None
    problems: tuple[Problem, ...]


class _Step(NamedTuple):
    at: int
    place: str
    read: Read


def read_of(mapping: model.Mapping, member: Member) -> Read:
    """Reads the cells that go to this place."""
    return reader(
        member.kind,
        Manner(
            trim=mapping.trim,
            empty=frozenset(mapping.empty),
            codes=member.codes,
            table=mapping.codes.get(member.place),
            dates=tuple(mapping.dates.get(member.place, ())),
            unit=mapping.units.get(member.place, Unit.FEN),
            separator=mapping.lists.get(member.place),
            is_list=member.is_list,
        ),
    )


class RowMapper:
    """Makes CloudEvents of rows.

    Args:
        mapping: A mapping that was found right.
        source: The registered name all facts are of.
        header: Names of the columns, in order.
        open_header: Whether rows may have columns that the header did not name: NDJSON has no header.

    Raises:
        FileRefused: A column that the mapping needs is not there, or is there twice.
    """

    def __init__(
        self, mapping: model.Mapping, source: str, header: Sequence[str], *, open_header: bool = False
    ) -> None:
        needed = [*mapping.columns, *(mapping.id.columns if mapping.id else [])]
        if not open_header:
            _require(header, needed)
        where = {name: index for index, name in reversed(list(enumerate(header)))}
        members = members_of(mapping.fact_type)
        self._width = None if open_header else len(header)
        self._steps = [
            _Step(where[column], place, read_of(mapping, members[place]))
            for place, column in mapping.sources_of().items()
        ]
        self._id = mapping.id
        self._id_steps = [where[column] for column in (mapping.id.columns if mapping.id else [])]
        self._id_text = reader(Kind.TEXT, Manner(trim=mapping.trim))
        self._head = {"specversion": "1.0", "source": source, "type": mapping.fact_type}
        self._attributes, self._data = _constants(mapping, members)
        self._column = mapping.sources_of()

    def column_of(self, field: str) -> str:
        """The column that a field of the CloudEvent was read from; empty when none."""
        return self._column.get(field.partition("[")[0], "")

    def event(self, row: Row) -> bytes | Refused:
        """The row's CloudEvent in structured mode, or everything that is wrong with its cells."""
        if self._width is not None and len(row) != self._width:
            return Refused(None, (_misshapen(len(row), self._width),))
        event: dict[str, object] = {**self._head, **self._attributes}
        data = dict(self._data)
        problems: list[Problem] = []
        for index, place, read in self._steps:
            try:
                value = read(row[index])
            except CellRefused as error:
                problems.append(Problem(place, error.problem, error.expected))
                continue
            if value is not None:
                if place.startswith("data."):
                    data[place[5:]] = value
                else:
                    event[place] = value
        if self._id is not None:
            self._build_id(row, event, problems)
        if problems:
            found = event.get("id")
            return Refused(found if isinstance(found, str) else None, tuple(problems))
        event["data"] = data
        return _encode(event)

    def _build_id(self, row: Row, event: dict[str, object], problems: list[Problem]) -> None:
        assert self._id is not None  # noqa: S101 - asked by its caller
        try:
            parts = [self._id_text(row[index]) for index in self._id_steps]
        except CellRefused as error:
            problems.append(Problem("id", error.problem, error.expected))
            return
        if all(part is None for part in parts):
            problems.append(Problem("id", "is empty", f"a value in {' or '.join(self._id.columns)}"))
            return
        event["id"] = self._id.prefix + self._id.separator.join(str(part or "") for part in parts)


def _require(header: Sequence[str], needed: Sequence[str]) -> None:
    if missing := [name for name in dict.fromkeys(needed) if name not in header]:
        problem = f"lacks {'、'.join(missing)}"
        raise FileRefused(
            "header", problem, f"these columns beside {named([name for name in header if name])}"
        )
    if twice := [name for name in dict.fromkeys(needed) if list(header).count(name) > 1]:
        raise FileRefused(
            "header", f"has {'、'.join(twice)} more than once", "a name of its own for each column"
        )


def _misshapen(cells: int, width: int) -> Problem:
    return Problem("row", f"has {cells} cells", f"{width} cells, as the header has")


def _constants(
    mapping: model.Mapping, members: Mapping[str, Member]
) -> tuple[dict[str, object], dict[str, object]]:
    """What is the same for every row: attributes, and members of data."""
    bare = msgspec.structs.replace(mapping, codes={})
    values = {place: read_of(bare, members[place])(text) for place, text in mapping.constants.items()}
    known = {place: value for place, value in values.items() if value is not None}
    data = {place[5:]: value for place, value in known.items() if place.startswith("data.")}
    return {place: value for place, value in known.items() if not place.startswith("data.")}, data
