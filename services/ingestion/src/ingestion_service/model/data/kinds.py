"""What members are made of: texts, numbers and days with their limits, and what they are checked by."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

MOST_FEN = 2**53
MOST_CHARACTERS = 50_000
CHECK = "check"
"""The key, in a member's `Meta.extra`, of the check that its schema cannot make."""


class Check(StrEnum):
    """Checks that the schema of a member cannot make."""

    AREA = "area"
    """One of the city's areas, in today's spelling."""
    ESTABLISHMENT = "establishment"
    """A day on which an entity may have been established."""
    PAST_DAY = "past_day"
    """A day that has come."""
    LAST_DAY = "last_day"
    """A day that may be to come; 9999-12-31 means none."""
    DAY = "day"
    """A day that may be to come, and does come."""
    MONTH = "month"
    """The first day of a month that has come."""


Code = Annotated[str, Meta(max_length=64)]
RequiredCode = Annotated[str, Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(max_length=500)]
RequiredName = Annotated[str, Meta(min_length=1, max_length=500)]
Words = Annotated[str, Meta(max_length=2000)]
LongWords = Annotated[str, Meta(max_length=MOST_CHARACTERS)]
Why = Annotated[Words, Meta(description="why, in the sender's words")]
Number = Annotated[str, Meta(max_length=200)]
Document = Annotated[Number, Meta(description="number of the decision document (文号)")]
CaseNumber = Annotated[Number, Meta(description="number of the court's case (案号)")]
Court = Annotated[Name, Meta(description="name of the court")]
Pseudonym = Annotated[str, Meta(min_length=1, max_length=200)]
Fen = Annotated[int, Meta(ge=0, le=MOST_FEN, description="fen of CNY (分)")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Share = Annotated[int, Meta(ge=0, le=1_000_000)]
Year = Annotated[int, Meta(ge=1949, le=2200)]
AreaCode = Annotated[str, Meta(max_length=12)]
Reference = Annotated[str, Meta(min_length=1, max_length=200)]
FactReference = Annotated[str, Meta(max_length=200, description="id of an earlier fact of the same source")]
Until = Annotated[
    date | None,
    Meta(
        description="last day, 1949-10-01 to 2200-01-01; 9999-12-31, for no end, is kept as 2200-01-01",
        extra={CHECK: Check.LAST_DAY},
    ),
]
Month = Annotated[date, Meta(extra={CHECK: Check.MONTH})]


class Data(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a fact says; each type of fact has its own."""
