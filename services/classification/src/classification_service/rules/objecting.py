"""By when an objection is decided, which items it is about, and when the source's correction has arrived."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from vocabulary.calendar import add_working_days

from classification_service.errors import InvalidModel, Problem
from classification_service.model.judgement import Vector
from classification_service.rules.reading import Document

Change = tuple[Vector, Vector]
"""All values of an entity before and after."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long an objection may wait, from a day on."""

    valid_from: date
    working_days: int
    citation: str
    confidence: str


def terms_of(document: Document) -> tuple[Term, ...]:
    """The terms in this document, oldest first.

    Raises:
        InvalidModel: there is none.
    """
    terms = sorted((Term(**row) for row in document["terms"]), key=lambda term: term.valid_from)
    if not terms:
        raise InvalidModel("objections", [Problem("terms", "at least one is needed")])
    return tuple(terms)


def due_on(filed_on: date, terms: Sequence[Term]) -> date:
    """The last day to decide what was filed that day, by the term then in force; the oldest for earlier days."""
    begun = [term for term in terms if term.valid_from <= filed_on]
    return add_working_days(filed_on, (begun or terms)[-1 if begun else 0].working_days)


def moved_items(changes: Sequence[Change], codes: Sequence[str], scored: Collection[str]) -> tuple[str, ...]:
    """The items that a record moved when it came, in the catalogue's order."""
    moved = np.zeros(len(codes), bool)
    for before, after in changes:
        moved |= ~((before == after) | (np.isnan(before) & np.isnan(after)))
    return tuple(code for code, has_moved in zip(codes, moved, strict=True) if has_moved and code in scored)


def is_corrected(objected: float | None, now: float) -> bool:
    """Whether the value is another than when it was objected to; None and not a number are not known."""
    before = np.nan if objected is None else objected
    return not (np.float32(before) == np.float32(now) or (np.isnan(before) and np.isnan(now)))
