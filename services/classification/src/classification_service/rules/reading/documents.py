"""Documents as people write them, and where in the text each part stands."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import copysign, isfinite
from typing import Any, NamedTuple

import yaml

from classification_service.errors import InvalidModel, Problem

DEEPEST = 12
"""Levels of a document; a model has six."""
LONGEST_NAME = 60
GREATEST = 1e12
"""Of all numbers: the books give one of this size back as it was written."""
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_TEXT = "tag:yaml.org,2002:str"

Document = Mapping[str, Any]


_TOO_DEEP = f"is more than {DEEPEST} levels deep"


class Located(NamedTuple):
    """A document, and the line on which each of its parts begins, by place such as `items.3.weight`."""

    document: Document
    lines: Mapping[str, int]


def located(text: str, name: str = "model") -> Located:
    """The document in this YAML (1.1) text: mappings with texts as names, lists, texts, numbers, days, yes and no.

    Raises:
        InvalidModel: It is no YAML, says a name twice, is no mapping, or says what the books could not give back.
    """
    try:
        _require_plain(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        reason = _TOO_DEEP if "nesting depth" in problem else f"cannot be read as YAML: {problem}"
        raise InvalidModel(name, [Problem("", reason, mark.line + 1 if mark else 0)]) from error
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise InvalidModel(name, [Problem("", "has characters that are no text", line)]) from error
    if not isinstance(node, yaml.MappingNode):
        raise InvalidModel(name, [Problem("", "is no mapping of names to values", 1)])
    walk = _Walk()
    document = walk.value(node, "")
    if walk.problems:
        raise InvalidModel(name, walk.problems)
    return Located(document, walk.lines)


def _require_plain(text: str, name: str) -> None:
    """Before anything is built of it: no alias, no tag, nothing too deep.

    An alias repeats a part at the cost of two letters, and again within what it repeats.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if reason := _not_plain(event, depth):
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise InvalidModel(name, [Problem("", reason, line)])


def _not_plain(event: yaml.Event, depth: int) -> str:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors and aliases have no place in a model"
    if tag := getattr(event, "tag", None):
        return f"tags have no place in a model: {tag}"
    return _TOO_DEEP if depth > DEEPEST else ""


class _Walk:
    """Builds the values of nodes, and notes lines and what is wrong."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self._constructor = yaml.constructor.SafeConstructor()

    def value(self, node: Any, place: str, line: int = 0) -> Any:
        """What the node says; the line is that of its name where it has one."""
        self.lines[place] = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, _within(place, str(at))) for at, each in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: Any, place: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if reason := _no_name(key):
                self.problems.append(Problem(place, reason, line))
                continue
            inner = _within(place, key.value)
            if key.value in found:
                self.problems.append(Problem(inner, "is said twice", line))
            found[key.value] = self.value(value, inner, line)
        return found

    def _scalar(self, node: Any, place: str) -> Any:
        try:
            value = self._constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            value, reason = None, f"cannot be read: {node.value[:40]}"
        else:
            reason = _wrong(value)
        if reason:
            self.problems.append(Problem(place, reason, self.lines[place]))
        return value


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _no_name(key: Any) -> str:
    if key.tag != _TEXT or not isinstance(key, yaml.ScalarNode):
        return "names are texts: this one needs quotes"
    return "has a name that is too long" if len(key.value) > LONGEST_NAME else _text(key.value)


def _wrong(value: object) -> str:
    """Why the books could not give this back as it is; empty when they can."""
    check = _CHECKS.get(type(value))
    return check(value) if check else f"is of a kind that has no place here: {type(value).__name__}"


def _text(value: str) -> str:
    fits = "\0" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
    return "" if fits else "has characters that are no text"


def _number(value: float) -> str:
    if not isfinite(value) or abs(value) > GREATEST:
        return f"must be a number between -{GREATEST:.0f} and {GREATEST:.0f}"
    return "must be 0 without a sign" if not value and copysign(1, value) < 0 else ""


def _fits(_value: object) -> str:
    return ""


_CHECKS: Mapping[type, Callable[[Any], str]] = {
    str: _text,
    int: lambda value: _number(float(value)) if abs(value) <= GREATEST else _number(float("inf")),
    float: _number,
    bool: _fits,
    type(None): _fits,
    date: _fits,
    datetime: lambda _value: "must be a day without a time",
}


def canonical(document: Document) -> bytes:
    """The document's canonical form: JSON with sorted keys, no spaces, dates as ISO text, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)
    return text.encode()


def sha256_of(document: Document) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


_WORDS = frozenset({"citation", "zh", "en"})


def judging_hash(document: Document) -> str:
    """SHA-256 of what judges in the document: alike in two that differ in names and citations only."""
    return sha256_of(_without_words(document))


def _without_words(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_words(value) for key, value in node.items() if key not in _WORDS}
    return [_without_words(each) for each in node] if isinstance(node, list) else node


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a model")
