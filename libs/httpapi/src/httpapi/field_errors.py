"""What is wrong with each field of a request, and what would be right, in words a caller can act on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault.

    Attributes:
        field: where it is, as a dotted path that starts with body, query, path or header.
        problem: what is wrong with it; never repeats the value, which may be personal data.
        expected: what would be right.
    """

    field: str
    problem: str
    expected: str

    def as_json(self) -> dict[str, str]:
        """The object that stands in the problem document's `errors`."""
        return {"field": self.field, "problem": self.problem, "expected": self.expected}


def from_pydantic(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Every error pydantic found becomes one field error; the input itself is left out."""
    return [_field_error(error) for error in errors]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind = str(error.get("type", ""))
    message = str(error.get("msg", "is not valid"))
    context = error.get("ctx") or {}
    expect = _EXPECTED.get(kind)
    expected = expect(context) if expect else message
    return FieldError(_path(error), "is missing" if kind == "missing" else message, expected)


def _path(error: Mapping[str, Any]) -> str:
    location = error.get("loc") or ("body",)
    if error.get("type") == "json_invalid":
        location = location[:1]
    return ".".join(str(part) for part in location)
