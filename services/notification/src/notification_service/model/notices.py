"""Notices: planned, rendered as letters, handed to a channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NoticeState(StrEnum):
    """How far a notice has come: `withheld` when its addressee is no more."""

    PLANNED = "planned"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one entity, decided but not necessarily sent.

    Attributes:
        notice_id: ours, derived from its cause: one notice per cause, whatever arrives twice.
        uscc: whom it addresses.
        template: code of the template.
        version: version of the template in force on `issued_on`.
        params: what the template needs, as text; days as ISO dates, lists joined by commas.
        origin_id: identifier of what caused it, in the sender's terms.
        issued_on: business day the notice bears.
        channel: how it is to reach the entity.
    """

    notice_id: str
    uscc: str
    template: str
    version: int
    params: Mapping[str, str]
    origin_id: str
    issued_on: date
    channel: str


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """A notice one worker may deliver until its lease ends, with what is known of the addressee.

    `attempts` counts this one; above 1, an earlier attempt may have written the letter already.
    """

    notice: Notice
    attempts: int
    name: str
    area: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered notice, ready for a channel."""

    notice_id: str
    uscc: str
    template: str
    issued_on: date
    text: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt to deliver a letter.

    Attributes:
        letter: what was to be delivered.
        error: why it was not; empty when the channel took it.
        withheld: there is nobody to deliver it to, so that no other attempt is made.
    """

    letter: Letter
    error: str = ""
    withheld: bool = False
