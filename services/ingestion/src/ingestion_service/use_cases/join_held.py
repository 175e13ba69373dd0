"""Facts held for their codes are released once the codes are known as old ones."""

from datetime import datetime

from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.judging import VALID_CODES, Bench
from ingestion_service.use_cases.recode import OF_CODES
from ingestion_service.use_cases.settle import PutRight, Signed, release_all, take_open

CHUNK = 2000
BY = "code_alias"


async def join_held(since: datetime, after: int, at_us: int, bench: Bench, tx: UnitOfWork) -> int | None:
    """The next held facts whose codes are known now are released; what has another fault too stays.

    Args:
        since: Only where fact or code came later, or the source may send again since then.
        after: Only facts of a number above.
        at_us: Now, microseconds since the epoch.
        bench: Who may send, and until when; codes count only where they are simply valid.
        tx: The transaction.

    Returns:
        The last number looked at; None when there was nothing more.
    """
    reasons = sorted(reason.value for reason in OF_CODES)
    numbers = await tx.quarantine.next_known(reasons, since, after, CHUNK)
    facts = [PutRight(held, held.original) for held in await take_open(numbers, tx)]
    strict = bench._replace(usable_codes=VALID_CODES)
    await release_all(facts, Signed(BY, at_us, "an old code of a known entity"), strict, tx)
    return numbers[-1] if numbers else None
