"""Which optional members a type of fact has, and how many of them a fact tells."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from ingestion_service.model.fact import FACT_TYPES, TYPE_OF_NUMBER


@cache
def optional_members(type_number: int) -> tuple[str, ...]:
    """Members whose absence means that the source did not tell: texts, days, amounts and lists without a value.

    Flags, counts and codes that have a meaning when left out (no fine, not late) are none.
    """
    known = TYPE_OF_NUMBER.get(type_number)
    if known is None:
        return ()
    return tuple(
        field.name for field in msgspec.structs.fields(FACT_TYPES[known.name].data) if _can_be_blank(field)
    )


def _can_be_blank(field: msgspec.structs.FieldInfo) -> bool:
    if field.required:
        return False
    of_text = type(field.default) is str and field.default == ""
    return of_text or field.default is None or field.default_factory is list


def told(type_number: int, says: Mapping[str, Any]) -> int:
    """How many of them a published fact has; days are published with the suffix `_day`."""
    return sum(name in says or f"{name}_day" in says for name in optional_members(type_number))
