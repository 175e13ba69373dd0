"""One translation for many CloudEvents: a code of yesterday becomes the code of today."""

from collections.abc import Mapping
from typing import Any

import msgspec
from vocabulary.uscc import normalise

from ingestion_service.model.quarantined import Replacement

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_MEMBER = "data."


def replaced(original: bytes, replacements: Mapping[str, Replacement]) -> bytes:
    """The CloudEvent with values replaced where they are what was to be replaced.

    Args:
        original: The CloudEvent; one that cannot be read as an object stays as it is.
        replacements: By `subject`, `time`, or `data.` and a member's name.
    """
    if not replacements:
        return original
    try:
        event = msgspec.json.decode(original, type=dict[str, msgspec.Raw])
        data = _members(event)
        changed = [_replace(event, data, field, how) for field, how in replacements.items()]
    except _UNREADABLE:
        return original
    if not any(changed):
        return original
    whole = {**event, "data": data} if any(field.startswith(_MEMBER) for field in replacements) else event
    return msgspec.json.encode(whole)


def _members(event: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(event.get("data", b"{}"), type=dict[str, msgspec.Raw])


def _replace(
    event: dict[str, msgspec.Raw], data: dict[str, msgspec.Raw], field: str, how: Replacement
) -> bool:
    place, name = (data, field.removeprefix(_MEMBER)) if field.startswith(_MEMBER) else (event, field)
    value = msgspec.json.decode(place[name]) if name in place else None
    if not _same(value, how.was, code=field == "subject"):
        return False
    place[name] = msgspec.Raw(msgspec.json.encode(how.becomes))
    return True


def _same(value: Any, was: Any, *, code: bool) -> bool:
    if code and isinstance(value, str) and isinstance(was, str):
        return normalise(value) == normalise(was)
    return type(value) is type(was) and bool(value == was)
