"""Documents as people write them, and where in the text each part stands."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import yaml

from classification_service.errors import InvalidModel, Problem

Document = Mapping[str, Any]


class Located(NamedTuple):
    """A document, and the line on which each of its parts begins, by place such as `items.3.weight`."""

    document: Document
    lines: Mapping[str, int]


def located(text: str, name: str = "model") -> Located:
    """The document in this YAML (1.1) text.

    Raises:
        InvalidModel: It is no YAML, says a key twice, or is no mapping.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = f"cannot be read as YAML: {getattr(error, 'problem', None) or error}"
        raise InvalidModel(name, [Problem("", reason, mark.line + 1 if mark else 0)]) from error
    if not isinstance(document, dict):
        raise InvalidModel(name, [Problem("", "is no mapping of names to values", 1)])
    places = list(_places(node, ""))
    if twice := [Problem(place, "is said twice", line) for place, line, again in places if again]:
        raise InvalidModel(name, twice)
    return Located(document, {place: line for place, line, _ in places})


def _places(node: Any, place: str) -> Iterator[tuple[str, int, bool]]:
    """Each part's place and line, and whether its key stood there before."""
    yield place, node.start_mark.line + 1, False
    if isinstance(node, yaml.MappingNode):
        keys = [str(key.value) for key, _ in node.value]
        for index, (key, value) in enumerate(node.value):
            inner = f"{place}.{key.value}" if place else str(key.value)
            if keys[index] in keys[:index]:
                yield inner, key.start_mark.line + 1, True
            for each in _places(value, inner):
                yield (inner, key.start_mark.line + 1, False) if each[0] == inner else each
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _places(value, f"{place}.{index}" if place else str(index))


def canonical(document: Document) -> bytes:
    """The document's canonical form: JSON with sorted keys, no spaces, dates as ISO text, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)
    return text.encode()


def sha256_of(document: Document) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a model")
