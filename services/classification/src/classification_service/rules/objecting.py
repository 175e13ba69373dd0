"""By when an objection is decided, what it is about, what of an item is the record's, and what may not be filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from vocabulary.calendar import add_working_days, business_date

from classification_service.errors import InvalidModel, NotInThisState, Problem, RejectedBefore
from classification_service.model.intervention import Filing, Objection, ObjectionState
from classification_service.model.judgement import Vector
from classification_service.model.risk_model import Catalogue, Reaches, RiskModel
from classification_service.rules.reading import Document

Shares = Mapping[str, float | None]
"""By item how much of its value is a record's; None where nobody can say."""
_ADDED_UP = ("count", "wan_yuan")
"""Units of indicators whose value is the sum of what each record gives."""


class Change(NamedTuple):
    """All values of an entity before and after a decision.

    Attributes:
        is_next: whether `before` is what was known just before; else others moved something too.
    """

    before: Vector
    after: Vector
    is_next: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """How long an objection may wait and its items rest, from a day on; see `packs/objections.yaml`."""

    valid_from: date
    working_days: int
    rests_working_days: int
    rests_at_most_days: int
    again_after_days: int
    citation: str
    confidence: str


class Earlier(NamedTuple):
    """An objection filed before, and whether items rest for it."""

    objection: Objection
    rests: bool


def terms_of(document: Document) -> tuple[Term, ...]:
    """The terms in this document, oldest first.

    Raises:
        InvalidModel: there is none, or items would rest less long than deciding may take.
    """
    terms = sorted((Term(**row) for row in document["terms"]), key=lambda term: term.valid_from)
    if not terms:
        raise InvalidModel("objections", [Problem("terms", "at least one is needed")])
    for place, term in enumerate(terms):
        if term.rests_working_days < term.working_days:
            wrong = Problem(f"terms.{place}.rests_working_days", "is less than working_days")
            raise InvalidModel("objections", [wrong])
    return tuple(terms)


def term_on(day: date, terms: Sequence[Term]) -> Term:
    """The term in force that day; the oldest for earlier days."""
    begun = [term for term in terms if term.valid_from <= day]
    return begun[-1] if begun else terms[0]


def due_on(filed_on: date, terms: Sequence[Term]) -> date:
    """The last day to decide what was filed that day."""
    return add_working_days(filed_on, term_on(filed_on, terms).working_days)


def rests_undecided_until(filed_on: date, today: date, terms: Sequence[Term]) -> date:
    """The last day that items rest from today on while nobody decides."""
    return add_working_days(today, term_on(filed_on, terms).rests_working_days)


def rests_at_most_until(objection: Objection, today: date, terms: Sequence[Term]) -> date:
    """The last day that items may rest of an objection that is upheld today."""
    return today + timedelta(days=term_on(objection.filed_on, terms).rests_at_most_days)


def shares_of(changes: Sequence[Change], catalogue: Catalogue) -> Shares:
    """What a record moved when it came, in the catalogue's order, and by how much.

    Nobody can say how much where the value is no sum, or was not known before or after, or others moved it too.
    """
    width = len(catalogue.indicators)
    moved, shares = np.zeros(width, bool), np.zeros(width)
    for before, after, is_next in changes:
        now = ~((before == after) | (np.isnan(before) & np.isnan(after)))
        shares[now] += after[now].astype(np.float64) - before[now] if is_next else np.nan
        moved |= now
    return {
        each.code: float(share) if each.unit in _ADDED_UP and not np.isnan(share) else None
        for each, share, has_moved in zip(catalogue.indicators, shares, moved, strict=True)
        if has_moved
    }


def scored_by(models: Sequence[RiskModel]) -> frozenset[str]:
    """The indicators that give points."""
    return frozenset(item.indicator for model in models for item in model.items)


def asked_by(models: Sequence[RiskModel]) -> frozenset[str]:
    """The indicators that give points or that a rule asks for: what an entity can object to."""
    conditions = (each for model in models for rule in model.adjustments for each in rule.when)
    return scored_by(models) | {each.indicator for each in conditions if isinstance(each, Reaches)}


def require_new(filing: Filing, items: Shares, earlier: Sequence[Earlier], terms: Sequence[Term]) -> None:
    """What is objected to is not objected to already, and was not rejected lately on the same evidence.

    Raises:
        NotInThisState: an objection to the same record, or the same items, is open, or items rest for it.
        RejectedBefore: one was rejected, and nothing new is brought forward.
    """
    for objection, rests in earlier:
        if not _is_about_the_same(filing, items, objection):
            continue
        if rests or objection.state is ObjectionState.OPEN:
            raise NotInThisState("entity", f"under objection {objection.number} to the same", "free of it")
        _require_new_evidence(filing, objection, terms)


def _is_about_the_same(filing: Filing, items: Shares, objection: Objection) -> bool:
    """By the record; and by the items that would rest whole, whatever the records say.

    One that names items alone is compared with a rejected one by all of them.
    """
    if filing.record and filing.record == objection.record:
        return True
    both_named = bool(filing.record and objection.record)
    is_rejected = objection.state is ObjectionState.REJECTED
    compared = {code for code, share in items.items() if share is None or (is_rejected and not both_named)}
    return not compared.isdisjoint(objection.indicators)


def _require_new_evidence(filing: Filing, objection: Objection, terms: Sequence[Term]) -> None:
    if objection.state is not ObjectionState.REJECTED or objection.decided_at is None:
        return
    decided_on = business_date(objection.decided_at)
    again = decided_on + timedelta(days=term_on(filing.filed_on, terms).again_after_days)
    if filing.filed_on < again and set(filing.evidence) <= set(objection.evidence):
        raise RejectedBefore(objection.number, again)
