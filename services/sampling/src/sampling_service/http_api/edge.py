"""What every route needs: transactions, reads, packs, clock and chance; and errors as problem details."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eventbus import Transaction
from httpapi.field_errors import FieldError
from httpapi.idempotency import IdempotencyStore
from httpapi.problems import Conflict, Forbidden, Invalid, NotFound, ProblemError

from sampling_service import errors
from sampling_service.model.plans import Packs
from sampling_service.ports import Reader, UnitOfWork
from sampling_service.use_cases.draws import Secrets


class DrawOpen(Conflict):
    """Raised when a draw over the same area waits for its seed."""

    slug, title = "draw-open", "Another draw over this area is not revealed yet"


class DrawSettled(Conflict):
    """Raised when a draw was revealed or abandoned before; a re-draw is a new draw."""

    slug, title = "draw-settled", "This draw was settled before"


class SeedNotYet(Conflict):
    """Raised when a draw is to be revealed before the event that its commitment named."""

    slug, title = "seed-not-known", "The event that gives the seed has not happened yet"


class NobodyLeft(Conflict):
    """Raised when exclusions leave nobody to draw."""

    slug, title = "nobody-to-draw", "Nobody is left to draw"


class NotAssigned(Conflict):
    """Raised when a visit has no inspectors yet."""

    slug, title = "visit-not-assigned", "This visit has no inspectors yet"


class NotInTeam(Forbidden):
    """Raised when an inspector records a visit of others (谁检查、谁录入)."""

    slug, title = "visit-of-others", "Who inspects records the result"


class ResultRecorded(Conflict):
    """Raised when a visit already has its result."""

    slug, title = "result-recorded", "This visit already has its result"


class EdgeUnitOfWork(UnitOfWork, Protocol):
    """A unit of work that also keeps the answers of its writes."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers by Idempotency-Key."""
        ...


@dataclass(frozen=True)
class Edge:
    """The outside world, given once by `main`."""

    open_transaction: Callable[[], AbstractAsyncContextManager[Transaction]]
    over: Callable[[Transaction], EdgeUnitOfWork]
    reads: Reader
    packs: Packs
    clock: Callable[[], datetime]
    secrets: Callable[[], Secrets]

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[EdgeUnitOfWork]:
        """A unit of work that commits on leaving, before the answer; the domain's errors leave as problems."""
        try:
            async with self.open_transaction() as transaction:
                yield self.over(transaction)
        except errors.SamplingError as error:
            raise problem_of(error) from error


def problem_of(error: errors.SamplingError) -> ProblemError:
    """The problem details of a domain error; a broken commitment is our fault and crashes as such."""
    match error:
        case errors.UnknownDraw():
            return NotFound("There is no such draw.")
        case errors.DrawIsOpen():
            return DrawOpen(f"Reveal or abandon {error.draw_id} first.")
        case errors.DrawIsSettled():
            return DrawSettled(f"{error.draw_id} is {error.state}.")
        case errors.SeedNotKnown():
            return SeedNotYet(f"Nobody can know it before {error.known_from}.")
        case errors.NobodyToDraw():
            return NobodyLeft(f"Left out: {error.excluded}")
        case _:
            return Invalid(errors=[_field_error(error)])


def _field_error(error: errors.SamplingError) -> FieldError:
    match error:
        case errors.UnknownPlan():
            return FieldError("body.plan_id", "no such plan", "an id of GET /v1/plans")
        case errors.PlanNotInForce():
            return FieldError("body.plan_id", "is not the plan of the day's year", error.in_force)
        case errors.UnknownItem():
            said = f"{error.code} is not on the item list that day"
            return FieldError("body.items", said, "codes of GET /v1/items")
        case errors.DayOutOfReach():
            return FieldError("body.day", f"today is {error.today}", "today or yesterday")
        case errors.SeedIsKnown():
            said = "somebody may know the seed by now"
            return FieldError("body.seed_rule.known_from", said, "an instant in the future")
        case errors.UnfitSeed():
            return FieldError("body.public_seed", "is not of the format committed to", error.seed_format)
        case _:
            raise error
