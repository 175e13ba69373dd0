"""Lists in pages: an opaque cursor holds the last row's key, so a page costs the same wherever it starts.

The cursor is not signed: it holds key values and nothing the caller may not know, and each page applies the
caller's area again.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from httpapi.field_errors import Fault, FieldError
from httpapi.problems import BadRequest

KeyValue = str | int | float
_VERSION = 1
_LONGEST_CURSOR = 4096
"""Three texts of 200 characters of four bytes each fit, and so does one of control characters alone."""

_INT64 = 2**63
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL keeps in no text: U+0000 and lone surrogates."""

_T = TypeVar("_T")
_R = TypeVar("_R")


class Page(BaseModel, Generic[_T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[_T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The page a caller asks for: at most `limit` items, after `cursor` if there is one."""

    limit: int
    cursor: str | None = None

    def after(self, *kinds: type[KeyValue]) -> tuple[KeyValue, ...] | None:
        """The key values to continue after, of exactly these kinds; None asks for the first page.

        Raises:
            BadRequest: the cursor is not one we gave for this list.
        """
        return None if self.cursor is None else decode_cursor(self.cursor, *kinds)

    def page(
        self, rows: Sequence[_R], key: Callable[[_R], Sequence[KeyValue]], item: Callable[[_R], _T]
    ) -> Page[_T]:
        """The page made of `rows`, of which up to `limit + 1` were read to learn whether more follow."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        cursor = encode_cursor(*key(shown[-1])) if more else None
        return Page(items=[item(row) for row in shown], next_cursor=cursor)


def _page_query(
    limit: Annotated[int, Query(ge=1, le=1000, description="at most this many items")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=_LONGEST_CURSOR, description="next_cursor of the page before")
    ] = None,
) -> PageQuery:
    return PageQuery(limit, cursor)


PageRequest = Annotated[PageQuery, Depends(_page_query)]


def encode_cursor(*values: KeyValue) -> str:
    """An opaque cursor that holds the key of the last row shown."""
    text = json.dumps([_VERSION, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type[KeyValue]) -> tuple[KeyValue, ...]:
    """The key values inside a cursor, safe to bind in SQL: their kinds are as asked, integers fit 64 bits.

    Raises:
        BadRequest: the cursor is not one we gave for this list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        version, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise _not_ours() from error
    fits = len(values) == len(kinds) and all(map(_is_safe, values, kinds))
    if version != _VERSION or not fits:
        raise _not_ours()
    return tuple(values)


def _is_safe(value: object, kind: type[KeyValue]) -> bool:
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return -_INT64 <= value < _INT64
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    return True


def _not_ours() -> BadRequest:
    expected = "next_cursor of the page before, unchanged, or no cursor for the first page"
    return BadRequest(
        "The cursor cannot be read.",
        errors=[FieldError("query.cursor", "is not a cursor of this list", expected, Fault.WRONG_FORM)],
    )
