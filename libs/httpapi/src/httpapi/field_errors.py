"""What is wrong with each field of a request, and what would be right, in words a caller can act on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What is wrong with a field, for programs and for other languages; values never change."""

    MISSING = "missing"
    NOT_TAKEN = "not_taken"
    WRONG_FORM = "wrong_form"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_ABOVE = "not_above"
    TOO_SMALL = "too_small"
    NOT_BELOW = "not_below"
    TOO_LARGE = "too_large"
    NOT_OFFERED = "not_offered"
    NO_NUMBER = "no_number"
    NO_WHOLE_NUMBER = "no_whole_number"
    NO_DAY = "no_day"
    NO_MOMENT = "no_moment"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_BETWEEN = "not_between"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    CONTRADICTORY = "contradictory"
    EASILY_GUESSED = "easily_guessed"
    REJECTED_BEFORE = "rejected_before"
    MOVED_NOTHING = "moved_nothing"
    NOT_RIGHT = "not_right"


_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "a value",
    "extra_forbidden": lambda _: "no such field",
    "string_type": lambda _: "text",
    "string_pattern_mismatch": lambda c: f"text that matches {c.get('pattern')}",
    "string_too_short": lambda c: f"at least {c.get('min_length')} characters",
    "string_too_long": lambda c: f"at most {c.get('max_length')} characters",
    "too_short": lambda c: f"at least {c.get('min_length')} items",
    "too_long": lambda c: f"at most {c.get('max_length')} items",
    "greater_than": lambda c: f"more than {c.get('gt')}",
    "greater_than_equal": lambda c: f"at least {c.get('ge')}",
    "less_than": lambda c: f"less than {c.get('lt')}",
    "less_than_equal": lambda c: f"at most {c.get('le')}",
    "enum": lambda c: f"one of {c.get('expected')}",
    "literal_error": lambda c: f"one of {c.get('expected')}",
    "int_type": lambda _: "a whole number",
    "int_parsing": lambda _: "a whole number",
    "int_from_float": lambda _: "a whole number",
    "float_type": lambda _: "a number",
    "float_parsing": lambda _: "a number",
    "bool_type": lambda _: "true or false",
    "bool_parsing": lambda _: "true or false",
    "date_type": lambda _: "a date, YYYY-MM-DD",
    "date_parsing": lambda _: "a date, YYYY-MM-DD",
    "date_from_datetime_parsing": lambda _: "a date, YYYY-MM-DD",
    "datetime_type": lambda _: "an instant, RFC 3339",
    "datetime_parsing": lambda _: "an instant, RFC 3339",
    "datetime_from_date_parsing": lambda _: "an instant, RFC 3339",
    "timezone_aware": lambda _: "an instant with its offset, RFC 3339",
    "list_type": lambda _: "a list",
    "dict_type": lambda _: "an object",
    "model_type": lambda _: "an object",
    "model_attributes_type": lambda _: "an object",
    "json_invalid": lambda _: "valid JSON",
    "uuid_parsing": lambda _: "a UUID",
}

_FAULTS: Mapping[str, Fault] = {
    "missing": Fault.MISSING,
    "extra_forbidden": Fault.NOT_TAKEN,
    "string_type": Fault.WRONG_FORM,
    "string_pattern_mismatch": Fault.WRONG_FORM,
    "string_too_short": Fault.TOO_SHORT,
    "string_too_long": Fault.TOO_LONG,
    "too_short": Fault.TOO_FEW,
    "too_long": Fault.TOO_MANY,
    "greater_than": Fault.NOT_ABOVE,
    "greater_than_equal": Fault.TOO_SMALL,
    "less_than": Fault.NOT_BELOW,
    "less_than_equal": Fault.TOO_LARGE,
    "enum": Fault.NOT_OFFERED,
    "literal_error": Fault.NOT_OFFERED,
    "int_type": Fault.NO_WHOLE_NUMBER,
    "int_parsing": Fault.NO_WHOLE_NUMBER,
    "int_from_float": Fault.NO_WHOLE_NUMBER,
    "float_type": Fault.NO_NUMBER,
    "float_parsing": Fault.NO_NUMBER,
    "bool_type": Fault.WRONG_FORM,
    "bool_parsing": Fault.WRONG_FORM,
    "date_type": Fault.NO_DAY,
    "date_parsing": Fault.NO_DAY,
    "date_from_datetime_parsing": Fault.NO_DAY,
    "datetime_type": Fault.NO_MOMENT,
    "datetime_parsing": Fault.NO_MOMENT,
    "datetime_from_date_parsing": Fault.NO_MOMENT,
    "timezone_aware": Fault.NO_MOMENT,
    "list_type": Fault.WRONG_FORM,
    "dict_type": Fault.WRONG_FORM,
    "model_type": Fault.WRONG_FORM,
    "model_attributes_type": Fault.WRONG_FORM,
    "json_invalid": Fault.WRONG_FORM,
    "uuid_parsing": Fault.WRONG_FORM,
}

_LIMITS: Mapping[str, str] = {
    "string_too_short": "min_length",
    "string_too_long": "max_length",
    "too_short": "min_length",
    "too_long": "max_length",
    "greater_than": "gt",
    "greater_than_equal": "ge",
    "less_than": "lt",
    "less_than_equal": "le",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault.

    Attributes:
        field: where it is, as a dotted path that starts with body, query, path or header.
        problem: what is wrong with it; never repeats the value, which may be personal data.
        expected: what would be right.
        fault: the kind of `problem`.
        limit: the length, number or day that it goes beyond, where there is one; of two, "first/last".
    """

    field: str
    problem: str
    expected: str
    fault: Fault = Fault.NOT_RIGHT
    limit: str | None = None

    def as_json(self) -> dict[str, str]:
        """The object that stands in the problem document's `errors`."""
        told = {"field": self.field, "problem": self.problem, "expected": self.expected, "fault": self.fault}
        return told if self.limit is None else {**told, "limit": self.limit}


def from_pydantic(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Every error pydantic found becomes one field error; the input itself is left out."""
    return [_field_error(error) for error in errors]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind = str(error.get("type", ""))
    message = str(error.get("msg", "is not valid"))
    context = error.get("ctx") or {}
    expect = _EXPECTED.get(kind)
    expected = expect(context) if expect else message
    problem = "is missing" if kind == "missing" else message
    limit = context.get(_LIMITS.get(kind))
    fault = _FAULTS.get(kind, Fault.NOT_RIGHT)
    return FieldError(_path(error), problem, expected, fault, None if limit is None else str(limit))


def _path(error: Mapping[str, Any]) -> str:
    location = error.get("loc") or ("body",)
    if error.get("type") == "json_invalid":
        location = location[:1]
    return ".".join(str(part) for part in location)
