"""Settle many quarantined facts by one order, chunk by chunk: each chunk and how far it came commit together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingestion_service.model.quarantined import Action, Filter, Job, Quarantined, State, StillUnusable
from ingestion_service.model.verdict import Outcome, Verdict
from ingestion_service.ports import Settlement, UnitOfWork
from ingestion_service.rules.judging import Bench
from ingestion_service.rules.replacing import replaced
from ingestion_service.use_cases.settle import PutRight, Signed, release_all, take_open

CHUNK = 2000
"""Facts of one transaction: a tenth of a second of work; project-chosen."""
MOST_PROBLEMS = 100


async def settle_chunk(number: int, bench: Bench, at_us: int, tx: UnitOfWork) -> Job:
    """The next facts of the job are settled, or it has ended; whoever crashes here has done nothing.

    Args:
        number: The job's.
        bench: What released facts are judged by.
        at_us: Now, microseconds since the epoch.
        tx: The transaction.

    Raises:
        LookupError: There is no such job.
    """
    job = await tx.jobs.take(number)
    if job is None:
        raise LookupError(f"no bulk settlement {number}")
    if job.ended_at is not None:
        return job
    span = range(job.after + 1, job.up_to + 1)
    numbers = await tx.quarantine.next(still_open(job.order.filter), span, CHUNK)
    if len(numbers) < CHUNK:
        job = replace(job, ended_at=datetime.fromtimestamp(at_us / 1_000_000, UTC))
    if numbers:
        settle = _release if job.order.action is Action.RELEASE else _discard
        held = await take_open(numbers, tx)
        job = replace(await settle(job, held, bench, at_us, tx), after=numbers[-1])
    await tx.jobs.save(job)
    return job


def still_open(of: Filter) -> Filter:
    """The same facts, as long as nobody has settled them."""
    return replace(of, state=State.OPEN)


async def _release(job: Job, held: Sequence[Quarantined], bench: Bench, at_us: int, tx: UnitOfWork) -> Job:
    order = job.order
    facts = [PutRight(each, replaced(each.original, order.replacements)) for each in held]
    signed = Signed(order.asked_by, at_us, _why(job))
    verdicts = await release_all(facts, signed, bench, tx)
    refused = [
        (each, verdict)
        for each, verdict in zip(held, verdicts, strict=True)
        if verdict.verdict is not Outcome.ACCEPTED
    ]
    problems = [_problem(*pair) for pair in refused[: MOST_PROBLEMS - len(job.problems)]]
    return replace(
        job,
        released=job.released + len(held) - len(refused),
        unusable=job.unusable + len(refused),
        problems=(*job.problems, *problems),
    )


async def _discard(job: Job, held: Sequence[Quarantined], _bench: Bench, _at_us: int, tx: UnitOfWork) -> Job:
    settlement = Settlement(State.DISCARDED, job.order.asked_by, _why(job))
    await tx.quarantine.settle([each.id for each in held], settlement)
    return replace(job, discarded=job.discarded + len(held))


def _why(job: Job) -> str:
    return f"bulk {job.id}" + (f": {job.order.reason}" if job.order.reason else "")


def _problem(held: Quarantined, verdict: Verdict) -> StillUnusable:
    problem = verdict.problems[0]
    return StillUnusable(held.id, held.fact_id, problem.field, problem.problem, problem.expected)
