"""Which facts another one retracts or supersedes, and whether they are its entity's own (撤回, 更正)."""

from collections.abc import Mapping
from typing import Final

from ingestion_service.model.data import FactRetracted
from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Problem

Key = tuple[int, str]

OF_OTHER_ENTITY: Final = Problem(
    "subject",
    "is not the entity of the fact retracted or superseded",
    "that fact's own subject: retract it under its own code and send it anew",
)


def replaced_by(fact: Fact) -> tuple[Key, ...]:
    """The keys of the facts that count no more because of this one."""
    if isinstance(fact.says, FactRetracted):
        retracted = (fact.source_id, fact.says.fact_id)
        return (retracted, (fact.source_id, fact.supersedes)) if fact.supersedes else (retracted,)
    return ((fact.source_id, fact.supersedes),) if fact.supersedes and not fact.reason else ()


def is_of_other_entity(fact: Fact, codes: Mapping[Key, str], current: Mapping[str, str]) -> bool:
    """Whether one of the facts it retracts or supersedes is another entity's.

    Args:
        fact: Judged.
        codes: Of the facts known, by key.
        current: The codes of today of old ones.
    """
    own = current.get(fact.uscc, fact.uscc)
    found = [codes[key] for key in replaced_by(fact) if key in codes]
    return any(current.get(code, code) != own for code in found)
