"""What one document of a model says otherwise than another."""

import json
from collections.abc import Iterator, Mapping, Sequence

from classification_service.model.governing import Difference
from classification_service.rules.reading import Document, canonical

_NAMES = ("indicator", "code")
"""What tells the members of a list apart, so that one put between others moves none."""


def differences(was: Document, is_: Document) -> Sequence[Difference]:
    """Each place that is said, or said otherwise, in one of them only, in order of place."""
    before, after = dict(_flat(_plain(was), "")), dict(_flat(_plain(is_), ""))
    return [
        Difference(place, before.get(place), after.get(place))
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    ]


def _plain(document: Document) -> object:
    return json.loads(canonical(document))


def _flat(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list) and value and all(_name(each) for each in value):
        for each in value:
            yield from _flat(each, f"{place}.{_name(each)}")
    else:
        yield place, json.dumps(value, ensure_ascii=False)


def _name(member: object) -> str:
    if not isinstance(member, Mapping):
        return ""
    return next((str(member[name]) for name in _NAMES if name in member), "")
