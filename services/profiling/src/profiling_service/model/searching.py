"""What is found when people search."""

from typing import Literal, NamedTuple

MatchedBy = Literal["name", "code", "person", "address"]


class Candidate(NamedTuple):
    """An entity that may be meant; `text` is what is kept of it of that field (`rules.searching.grams.Field`)."""

    field: str
    uscc: str
    text: str


class Found(NamedTuple):
    """An entity as it is shown among what was found."""

    uscc: str
    name: str
    status: int
    area_code: str
    industry: str
    entity_type: str
    address: str
    legal_person_ref: str


class Match(NamedTuple):
    """That an entity answers a question.

    Attributes:
        by: What of it matched.
        ranges: Start and end of the matching stretches of that text as shown, in code points.
        asked: The share of the question that was found, up to 1: all of it in one piece.
        filled: The share of the entity's text that the question is.
    """

    by: MatchedBy
    ranges: tuple[tuple[int, int], ...]
    asked: float
    filled: float


class Hit(NamedTuple):
    """An entity, and why it was found."""

    entity: Found
    match: Match
