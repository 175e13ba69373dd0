"""Drafts of models, who did what to them, shadow runs, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from classification_service.errors import Problem


class Who(NamedTuple):
    """A person, by the subject of their token, and when they act."""

    by: str
    at: datetime


class Stored(NamedTuple):
    """A version in the books.

    Attributes:
        judging_hash: the SHA-256 of what judges in it: all but names and citations.
        own: whether it was a draft of the city; else it came with the service.
    """

    sha256: str
    judging_hash: str
    own: bool


class DraftState(StrEnum):
    """How far a draft has come."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PROMOTED = "promoted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of a model to be, as a person writes it.

    Attributes:
        code: of the model, as far as the text can be read.
        text: YAML, comments and all.
        version: counts the edits.
        definition: the document as submitted, with its cuts; None before.
        cuts_from: where resolved cuts come from; empty where the text says them.
        model_id: what it became.
        offers: code, version and `judging_hash` of the shipped version that it offers; empty for what people began.
            Of what was offered before there were such hashes: code, version, `before draft` and its id.
    """

    id: int
    code: str
    text: str
    version: int
    state: DraftState
    author: str
    created_at: datetime
    edited_by: str
    edited_at: datetime
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    definition: Mapping[str, object] | None = None
    sha256: str | None = None
    cuts_from: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None
    model_id: str | None = None
    offers: str = ""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cuts taken from a city for a model that says shares.

    Attributes:
        greatest: the greatest scores of A, of B and of C.
        source: where they were computed, such as the what-if of a snapshot.
    """

    greatest: tuple[float, float, float]
    source: str


class Tried(NamedTuple):
    """A what-if that a draft was tried by.

    Attributes:
        sha256: of the document that was tried.
        cuts: its own, or those that were taken from the city.
    """

    number: int
    sha256: str
    snapshot_id: int
    cuts: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's text, read: what it would be, or everything that is wrong."""

    code: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing a draft says otherwise than the version in force.

    Attributes:
        place: such as `items.base.age_years.weight`: items by indicator, rules by code.
        was, is_: what is said there as JSON; None where nothing is.
    """

    place: str
    was: str | None
    is_: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what to a draft or a model.

    Attributes:
        at: when.
        who: the subject of the person's token.
        draft: None where no draft is concerned.
        model_id: empty where none is.
    """

    at: datetime
    who: str
    what: str
    draft: int | None = None
    model_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rollback:
    """A proposal to go back to an earlier version."""

    number: int
    code: str
    to_model: str
    from_day: date
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    refuse_reason: str = ""


class WentLive(StrEnum):
    """How a version came to judge."""

    SHIPPED = "shipped"
    """With the service, where nothing else judged its code."""
    APPROVED = "approved"
    """As a draft that another person approved."""
    ROLLED_BACK = "rolled_back"
    """Again, in place of a later one."""


@dataclass(frozen=True, slots=True)
class Live:
    """A version went live.

    Attributes:
        from_day: the first business day it judges.
        by: who promoted it or proposed to go back to it.
        approved_by: the second person; empty for what was shipped.
        drafted_by: who began the draft it was; empty for what was shipped.
    """

    model_id: str
    how: WentLive
    from_day: date
    at: datetime
    by: str
    approved_by: str
    drafted_by: str


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """A draft as it was when it began to run beside the live models (影子运行)."""

    number: int
    draft: int
    draft_version: int
    sha256: str
    started_at: datetime
    started_by: str
    stopped_at: datetime | None = None
    stopped_by: str | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """How many entities of a group go from one class to another; 0 stands for not judged.

    Attributes:
        group: code of an area or a sector; empty for all.
    """

    group: str
    live_class: int
    draft_class: int
    entities: int


@dataclass(frozen=True, slots=True)
class Mover:
    """An entity whose class a draft would change."""

    uscc: str
    area_code: str
    live_class: int
    live_score: float
    draft_class: int
    draft_score: float
    decided_at: datetime
