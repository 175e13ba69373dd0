"""Facts that retract or supersede a fact of another entity are set aside: accepted, they would do nothing."""

from collections.abc import Sequence

from msgspec import structs

from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Reason
from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.retracting import is_of_other_entity, replaced_by


async def set_apart(facts: Sequence[Fact], tx: UnitOfWork) -> Sequence[Fact]:
    """The facts, held where what they retract or supersede is known under the code of another entity.

    Costs a query only where some do, and a second where codes differ. What was held itself may be corrected under any
    code: only accepted facts count.

    Args:
        facts: Judged facts under the codes of today.
        tx: The transaction.
    """
    named = {key for fact in facts for key in replaced_by(fact)}
    if not named:
        return facts
    here = {fact.key: fact.uscc for fact in reversed(facts) if not fact.reason and fact.key in named}
    codes = here | dict(await tx.ledger.codes_of(named))
    differing = [
        fact for fact in facts if any(codes.get(key, fact.uscc) != fact.uscc for key in replaced_by(fact))
    ]
    if not differing:
        return facts
    current = await tx.codes.current({*codes.values(), *(fact.uscc for fact in differing)})
    wrong = {fact.key for fact in differing if is_of_other_entity(fact, codes, current)}
    return [
        structs.replace(fact, reason=Reason.OTHER_ENTITY, says=None) if fact.key in wrong else fact
        for fact in facts
    ]
