"""What the audit compares with the books of other services."""

from collections.abc import Mapping
from typing import Final

BOOKS: Final[Mapping[str, str]] = {
    "members": "select uscc || '|' || change_number from member where change_number > 0",
    "descriptions": "select uscc || '|' || version from member where version > 0",
    "results": "select result_id from result",
}
