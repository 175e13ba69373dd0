"""Reads CloudEvents: quickly when all is well, and slowly, to say exactly what is wrong, when not."""

import re
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import msgspec

from ingestion_service.model.fact import FACT_TYPES, Event
from ingestion_service.model.verdict import Problem, Reason
from ingestion_service.rules.members import MEMBERS, Member

_CLASSES: list[Any] = [known.event for known in FACT_TYPES.values()]
_EVENT: Any = reduce(or_, _CLASSES)
_decode = msgspec.json.Decoder(_EVENT).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_MAYBE_NUL = b"\\u0000"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PATH = re.compile(r"^(?P<problem>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_POSITION = re.compile(r"\[[^\]]*\]$")
_A_DAY_OF_NO_MEANING = "2000-01-01"
_MOST_REPAIRS = 6
_SCHEMA = "a value as GET /v1/fact-types/{type}/schema tells"

EXPECTED: Mapping[str, str] = {
    "specversion": "1.0",
    "id": "a text of 1 to 200 characters, unique within source",
    "source": "the name under which the source is registered",
    "type": "one of the types of GET /v1/fact-types",
    "subject": "the entity's 18-character unified social credit code (统一社会信用代码)",
    "time": "an instant with its offset, RFC 3339, such as 2026-11-23T09:30:00+08:00",
    "data": "an object as GET /v1/fact-types/{type}/schema tells",
    "supersedes": "the id of another fact of the same source, at most 200 characters",
}


_TOO_DEEP = Problem("data", "is nested too deeply", EXPECTED["data"])


class Unusable(NamedTuple):
    """A CloudEvent of ours that names an impossible day or instant."""

    reason: Reason
    event: Event


class Unreadable(NamedTuple):
    """Not a fact of ours; `id` and `source` where they could be read all the same."""

    id: str | None
    source: str | None
    type: str
    subject: str
    problem: Problem


Read = Event | Unusable | Unreadable


def read(line: bytes) -> Read:
    """One CloudEvent in JSON, structured mode."""
    try:
        event: Event = _decode(line)
    except _UNREADABLE:
        return _diagnose(line)
    if _MAYBE_NUL in line:
        return _diagnose(line)
    return event


def _diagnose(line: bytes) -> Read:
    try:
        document = msgspec.json.decode(line)
    except _UNREADABLE as error:
        return _nothing(Problem("", f"is not JSON: {_plain(error)}", "a CloudEvent 1.0 as a JSON object"))
    if not isinstance(document, dict):
        return _nothing(Problem("", "is not an object", "a CloudEvent 1.0 as a JSON object"))
    try:
        nul = _find_nul(document)
    except RecursionError:  # what can just be decoded may be too deep to encode
        return _unreadable(document, _TOO_DEEP)
    if nul is not None:
        return _unreadable(document, Problem(nul, "contains U+0000", "text without null characters"))
    return _repaired(document)


def _repaired(document: dict[str, Any]) -> Read:
    """The event, with each impossible day replaced so that everything else is checked too."""
    impossible = False
    for _ in range(_MOST_REPAIRS):
        try:
            event: Event = msgspec.convert(document, _EVENT)
        except msgspec.ValidationError as error:
            problem, path = _located(error, document)
            if not _is_impossible(document, path):
                return _unreadable(document, problem)
            impossible = True
            _put(document, path)
        except RecursionError:
            return _unreadable(document, _TOO_DEEP)
        else:
            return Unusable(Reason.IMPOSSIBLE_DATE, event) if impossible else event
    return _unreadable(document, problem)


def _located(error: msgspec.ValidationError, document: Mapping[str, Any]) -> tuple[Problem, str]:
    match = _PATH.match(str(error))
    problem, path = (match["problem"], match["path"] or "") if match else (str(error), "")
    path = path.removeprefix(".")
    if missing := _MISSING.match(problem):
        path = f"{path}.{missing['name']}".removeprefix(".")
        return Problem(path, "is missing", _expected(path, document)), path
    if unknown := _UNKNOWN.match(problem):
        path = f"{path}.{unknown['name'][:64]}".removeprefix(".")
        return Problem(path, "is not known", "no such field"), path
    if problem.startswith(
        ("Invalid value", "Invalid enum value")
    ):  # the value stays out: it may be personal data
        return Problem(path, "is none of the known values", _expected(path, document)), path
    words = problem[:1].lower() + problem[1:]
    return Problem(path, words, _expected(path, document)), path


def _expected(path: str, document: Mapping[str, Any]) -> str:
    """What is right there; in a list, what is right for the whole list."""
    at = _POSITION.sub("", path)
    member = _member(at, document)
    return (member.codes if member else "") or EXPECTED.get(at, _SCHEMA)


def _member(path: str, document: Mapping[str, Any]) -> Member | None:
    """The member of data that the path names, as its type has it."""
    type_, name = document.get("type"), path.removeprefix("data.")
    known = FACT_TYPES.get(type_) if isinstance(type_, str) else None
    return MEMBERS[known.data].get(name) if known and name != path else None


def _is_impossible(document: Mapping[str, Any], path: str) -> bool:
    """Whether what stands there has the form of a day or instant, so that only the calendar refuses it."""
    if path == "time":
        value = document.get("time")
        return isinstance(value, str) and _INSTANT.fullmatch(value) is not None
    member, data = _member(path, document), document.get("data")
    if member is None or not member.is_day or not isinstance(data, dict):
        return False
    value = data.get(member.name)
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _put(document: dict[str, Any], path: str) -> None:
    if path == "time":
        document["time"] = f"{_A_DAY_OF_NO_MEANING}T00:00:00Z"
    else:
        document["data"] = {**document["data"], path.removeprefix("data."): _A_DAY_OF_NO_MEANING}


def _find_nul(document: Mapping[str, Any]) -> str | None:
    """The first attribute, or member of data, that holds U+0000, which no database text can."""
    data = document.get("data")
    members = data if isinstance(data, dict) else {}
    named = [(f"data.{name}", value) for name, value in members.items()]
    named += [(name, value) for name, value in document.items() if name != "data" or not members]
    found = (name for name, value in named if _NUL.search(msgspec.json.encode([name, value])))
    return next((name.replace("\0", "") for name in found), None)


def _nothing(problem: Problem) -> Unreadable:
    return Unreadable(None, None, "", "", problem)


def _unreadable(document: Mapping[str, Any], problem: Problem) -> Unreadable:
    return Unreadable(
        _text(document, "id", 200),
        _text(document, "source", 64),
        _text(document, "type", 200) or "",
        _text(document, "subject", 200) or "",
        problem,
    )


def _text(document: Mapping[str, Any], name: str, longest: int) -> str | None:
    value = document.get(name)
    usable = isinstance(value, str) and 0 < len(value) <= longest and "\0" not in value
    return value if usable else None


def _plain(error: BaseException) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
