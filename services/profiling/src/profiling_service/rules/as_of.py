"""A profile as of any moment, in two clocks: what held at one time, by what was known at another.

It is computed from the facts themselves, by the rules in force now: those that told it then, unless rule data changed.
"""

from collections.abc import Mapping, Sequence
from itertools import compress

import msgspec

from profiling_service.model.entities import BLANK, NO_IDENTITY, Entity, Identity, Restatement
from profiling_service.model.facts import Fact, key_of, replaced
from profiling_service.rules.columns import columns
from profiling_service.rules.effect import in_effect
from profiling_service.rules.identity import stated
from profiling_service.rules.indicators import related
from profiling_service.rules.profiles import Inputs, RuleBook, outcome

Relations = Mapping[str, Sequence[float]]


class Moment(msgspec.Struct, frozen=True):
    """As of when.

    Attributes:
        day: The day on which windows end.
        occurred_by_ms: The last instant of facts that count; None for whatever was known.
        known_by_ms: The last instant at which a fact was recorded to count.
    """

    day: int
    occurred_by_ms: int | None
    known_by_ms: int


class Standing(msgspec.Struct, frozen=True):
    """An entity as it stood.

    Attributes:
        entity: Its state; `values` are those of the catalogue in force.
        identity: Its particulars.
        facts: Numbers of the facts known and occurred by then, in order.
        in_force: Numbers of those that count on that day: not corrected, taken back, ended or over.
        newest: The one recorded last.
    """

    entity: Entity
    identity: Identity
    facts: tuple[int, ...]
    in_force: tuple[int, ...]
    newest: Fact


def standing(facts: Sequence[Fact], moment: Moment, book: RuleBook, relations: Relations) -> Standing | None:
    """The entity with these facts, in order of number, as of a moment; None when nothing was known of it.

    What is known to be corrected or taken back never was so, on whatever day the fact that says it occurred.

    Args:
        facts: All its facts.
        moment: As of when.
        book: Rule data.
        relations: Its counts by name at that time, a column of one each; see `model.relations.COUNTS`.
    """
    recorded = {n: fact for n, fact in enumerate(facts, start=1) if fact.recorded_at_ms <= moment.known_by_ms}
    known = {number: fact for number, fact in recorded.items() if _had_occurred(fact, moment)}
    if not known:
        return None
    gone = replaced(b"".join(fact.features for fact in recorded.values()))
    stood = {number: fact for number, fact in known.items() if key_of(fact.features) not in gone}
    features = b"".join(fact.features for fact in stood.values())
    identity = stated(NO_IDENTITY, [fact.statement for fact in stood.values() if fact.statement is not None])
    given = Inputs(
        [BLANK],
        [features],
        {0: Restatement(NO_IDENTITY, identity)},
        related(book.catalogue, [identity], relations),
    )
    (entity,) = outcome(book, moment.day, given).after
    newest = max(known.values(), key=lambda fact: fact.recorded_at_ms)
    counts = in_effect(columns([features]), book.forms, moment.day)
    return Standing(entity, identity, tuple(known), tuple(compress(stood, counts)), newest)


def _had_occurred(fact: Fact, moment: Moment) -> bool:
    return moment.occurred_by_ms is None or fact.occurred_at_ms <= moment.occurred_by_ms
