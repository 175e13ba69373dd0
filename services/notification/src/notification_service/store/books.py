"""What the audit compares with the books of other services."""

from collections.abc import Mapping
from typing import Final

BOOKS: Final[Mapping[str, str]] = {
    "descriptions": "select uscc || '|' || version from contact",
    "repair_notices": "select origin_id from notice where template = 'repair_notice'",
    "signals": "select signal_id from signal where raised_on is not null",
}
