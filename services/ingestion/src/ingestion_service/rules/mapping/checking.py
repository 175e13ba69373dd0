"""Is a mapping right? Everything wrong with it is told at once, each with its place in the document."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from ingestion_service.errors import CellRefused
from ingestion_service.model import mapping as model
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.mapping import ENCODINGS, places
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.mapping.cells import named
from ingestion_service.rules.mapping.members import Kind, Member, members_of
from ingestion_service.rules.mapping.rows import read_of

_A_DAY = datetime(2001, 2, 3, 4, 5, 6)  # noqa: DTZ001 - only its form matters
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_mapping(body: bytes) -> model.Mapping | Problem:
    """The mapping of a JSON document, or what is wrong with its form."""
    try:
        return msgspec.json.decode(body, type=model.Mapping)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").removeprefix(".")
        return Problem(place, problem[:1].lower() + problem[1:], "as docs/files.md tells")
    except _UNREADABLE:
        return Problem("", "is not JSON", "a mapping as a JSON object")


def check_mapping(mapping: model.Mapping) -> list[Problem]:
    """Everything that is wrong with it; nothing when it is right."""
    if mapping.fact_type not in FACT_TYPES:
        return [Problem("fact_type", "is not known", "one of the types of GET /v1/fact-types")]
    members = members_of(mapping.fact_type)
    unknown = list(_unknown_places(mapping, members))
    if unknown:
        return unknown
    return [
        *_places_given_twice(mapping),
        *_left_out(mapping, members),
        *_wrong_id(mapping),
        *_wrong_codes(mapping, members),
        *_wrong_dates(mapping, members),
        *_wrong_kinds(mapping, members),
        *_wrong_constants(mapping, members),
        *_wrong_encoding(mapping),
    ]


def _unknown_places(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    named_places = [
        (f"columns.{column}", place) for column, to in mapping.columns.items() for place in places(to)
    ]
    for part in ("constants", "codes", "dates", "units", "lists"):
        named_places += [(f"{part}.{place}", place) for place in getattr(mapping, part)]
    for field, place in named_places:
        if place not in members:
            problem = f"{place} is no place of {mapping.fact_type}"
            yield Problem(field, problem, f"one of {', '.join(members)}")


def _places_given_twice(mapping: model.Mapping) -> Iterator[Problem]:
    seen: dict[str, str] = dict.fromkeys(mapping.constants, "a constant")
    for column, to in mapping.columns.items():
        for place in places(to):
            if place in seen:
                yield Problem(
                    f"columns.{column}", f"{place} is given by {seen[place]} too", "one column for a place"
                )
            seen[place] = f"column {column}"


def _left_out(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    given = {*mapping.sources_of(), *mapping.constants, *(["id"] if mapping.id else [])}
    for member in members.values():
        if member.required and member.place not in given:
            more = ", or columns to build it from" if member.place == "id" else ", or a constant"
            yield Problem("columns", f"nothing gives {member.place}", f"a column for {member.place}{more}")


def _wrong_id(mapping: model.Mapping) -> Iterator[Problem]:
    if "id" in mapping.constants:
        yield Problem("constants.id", "is the same for every row", "a column, or columns to build it from")
    if mapping.id and "id" in mapping.sources_of():
        yield Problem("id", "is built, and a column too", "one of the two")


def _wrong_codes(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    for place, codes in mapping.codes.items():
        member = members[place]
        read = read_of(msgspec.structs.replace(mapping, codes={}, lists={}), member._replace(is_list=False))
        for word, code in codes.table.items():
            try:
                read(code)
            except CellRefused as error:
                yield Problem(f"codes.{place}.table.{word}", error.problem, error.expected)


def _wrong_dates(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    for place, forms in mapping.dates.items():
        if members[place].kind not in {Kind.DAY, Kind.INSTANT}:
            yield Problem(
                f"dates.{place}", "is neither a day nor an instant", _of_kind(members, Kind.DAY, Kind.INSTANT)
            )
        for form in forms:
            if not _tells_a_day(form):
                yield Problem(f"dates.{place}", f"{form} does not tell a day", "a form such as %Y年%m月%d日")


def _tells_a_day(form: str) -> bool:
    try:
        told = datetime.strptime(_A_DAY.strftime(form), form)  # noqa: DTZ007
    except ValueError:
        return False
    return told.date() == _A_DAY.date()


def _wrong_kinds(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    for place in mapping.units:
        if members[place].kind is not Kind.AMOUNT:
            yield Problem(f"units.{place}", "is no amount", _of_kind(members, Kind.AMOUNT))
    for place in mapping.lists:
        if not members[place].is_list:
            lists = [member.place for member in members.values() if member.is_list]
            yield Problem(f"lists.{place}", "takes one value only", f"one of {named(lists)}")


def _of_kind(members: Mapping[str, Member], *kinds: Kind) -> str:
    return f"one of {named([member.place for member in members.values() if member.kind in kinds])}"


def _wrong_constants(mapping: model.Mapping, members: Mapping[str, Member]) -> Iterator[Problem]:
    for place, text in mapping.constants.items():
        try:
            read_of(msgspec.structs.replace(mapping, codes={}), members[place])(text)
        except CellRefused as error:
            yield Problem(f"constants.{place}", error.problem, error.expected)


def _wrong_encoding(mapping: model.Mapping) -> Iterator[Problem]:
    if mapping.encoding is not None and mapping.encoding.lower() not in ENCODINGS:
        yield Problem(
            "encoding", "is not read", f"one of {', '.join(ENCODINGS)}; gb18030 reads GBK and GB2312"
        )
