"""What the routes share where people decide: transactions, who may, and faults as problem details."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Protocol, TypeVar

from eventbus import Transient
from fastapi import Path
from httpapi.access import AreaRule, allow, require_area
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import IdempotencyStore
from httpapi.identity import Caller, Role
from httpapi.problems import Conflict, Forbidden, Invalid, NotFound, Overloaded, ProblemError
from pydantic import BaseModel, Field
from vocabulary.calendar import business_date

from classification_service import errors
from classification_service.model.explanation import CurrentState
from classification_service.model.governing import Who
from classification_service.model.intervention import KeptIntervention, Objection
from classification_service.model.risk_model import Catalogue, Flag
from classification_service.ports import Classes
from classification_service.ports.governing import GovernedUnitOfWork, People, Replays
from classification_service.rules.objecting import Term

Writer = Annotated[
    Caller, allow(Role.MODEL_MANAGER, area=AreaRule.CITY_ONLY, purpose="write and promote models")
]
Approver = Annotated[
    Caller,
    allow(
        Role.APPROVER, Role.MODEL_MANAGER, area=AreaRule.CITY_ONLY, purpose="decide about models of others"
    ),
]
Proposer = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="adjust a class"),
]
Decider = Annotated[
    Caller,
    allow(
        Role.CITY_ADMINISTRATOR,
        Role.APPROVER,
        area=AreaRule.ENTITY,
        purpose="decide what another proposed or filed",
    ),
]
Ender = Annotated[
    Caller,
    allow(
        Role.CITY_ADMINISTRATOR,
        Role.AREA_OFFICER,
        Role.APPROVER,
        area=AreaRule.ENTITY,
        purpose="end an adjustment",
    ),
]
Filer = Annotated[
    Caller,
    allow(
        Role.CITY_ADMINISTRATOR,
        Role.AREA_OFFICER,
        Role.REPAIR_OFFICER,
        area=AreaRule.ENTITY,
        purpose="file an objection for an entity",
    ),
]
Number = Annotated[int, Path(ge=1, lt=2**63)]
Evidence = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=500)]],
    Field(min_length=1, max_length=50, description="facts as source|fact_id, or links 证据"),
]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]
UsccText = Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]


_Decided = TypeVar("_Decided", KeptIntervention, Objection)


class Because(BaseModel):
    """Why."""

    reason: Reason


class EditedSince(ProblemError):
    """Raised when a draft was saved by another since its editor read it."""

    slug, title, status = "edited-since", "Somebody saved this since you read it", 412


class NotInThisState(Conflict):
    """Raised when a draft, adjustment or objection stands elsewhere than the step needs it."""

    slug, title = "not-in-this-state", "It does not stand where this step needs it"


class DecisionFinal(Conflict):
    """Raised when the entity's registration was cancelled: the decision about it is final."""

    slug, title = "decision-final", "The decision about this entity is final"


class SecondPerson(Forbidden):
    """Raised when who decides is who proposed, wrote or filed."""

    slug, title = "second-person-needed", "Another person must decide this"


class EdgeUnitOfWork(GovernedUnitOfWork, Protocol):
    """A unit of work that also keeps answers by idempotency key."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept in this transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes are given where people decide.

    Attributes:
        begin: begins a transaction; commits when its block ends well.
        people: reads what people did.
        replays: reads decisions with what they are derived from.
        classes: reads entities.
        catalogue: the indicators.
        terms: by when objections are decided.
        clock: the time now, UTC.
    """

    begin: Callable[[], AbstractAsyncContextManager[EdgeUnitOfWork]]
    people: People
    replays: Replays
    classes: Classes
    catalogue: Catalogue
    terms: tuple[Term, ...]
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The business day of now."""
        return business_date(self.clock())

    def who(self, caller: Caller) -> Who:
        """The caller, now."""
        return Who(caller.subject, self.clock())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[EdgeUnitOfWork]:
        """A unit of work that commits on leaving, before the answer; faults leave as problems."""
        try:
            async with self.begin() as tx:
                yield tx
        except errors.ClassificationError as fault:
            if (problem := _problem(fault)) is None:
                raise
            raise problem from fault
        except Transient as fault:
            raise Overloaded("Its class was decided at the same moment: ask again.") from fault

    async def visible(self, caller: Caller, uscc: str) -> CurrentState:
        """The entity as it stands, within the caller's area.

        Raises:
            NotFound: there is none, or the caller's area does not reach it.
        """
        state = await self.classes.state(uscc)
        require_area(caller, (state.area_code or None) if state else None)
        if state is None:
            raise NotFound("There is no such entity.")
        return state

    async def own(self, caller: Caller, found: _Decided | None) -> _Decided:
        """What was found, of an entity within the caller's area.

        Raises:
            NotFound: there is none, or it is of another.
        """
        if found is None:
            caller.may_see(None)
            raise NotFound("There is no such entity.")
        await self.visible(caller, found.uscc)
        return found

    async def open_to_decide(self, caller: Caller, uscc: str) -> CurrentState:
        """The entity as `visible` gives it, whose class people may still decide.

        Raises:
            Conflict: its registration was cancelled: the decision about it is final.
        """
        state = await self.visible(caller, uscc)
        if state.flags & Flag.CANCELLED:
            raise DecisionFinal("Its registration was cancelled: the decision about it is final.")
        return state


def _problem(fault: errors.ClassificationError) -> ProblemError | None:
    """What a caller is told of a fault; None where it is none of theirs."""
    match fault:
        case errors.Unknown():
            return NotFound(f"There is no such {fault.what}.")
        case errors.EditedMeanwhile():
            return EditedSince(f"It is of version {fault.version} and not what you read: read it again.")
        case errors.NotInThisState():
            return NotInThisState(f"The {fault.what} is {fault.state}; this needs it {fault.needed}.")
        case errors.SamePerson():
            return SecondPerson(f"You are its {fault.part}.")
    wrong = _field_errors(fault)
    return Invalid(errors=wrong) if wrong else None


def _field_errors(fault: errors.ClassificationError) -> Sequence[FieldError]:
    match fault:
        case errors.DayNotFree() | errors.TooFarAhead():
            return [_day_error(fault)]
        case errors.MovedNothing():
            expected = "a fact behind a decision on the entity that moved what is named, or indicators alone"
            return [
                FieldError(
                    "body.record", f"{fault.record} moved none of the items", expected, Fault.MOVED_NOTHING
                )
            ]
        case errors.UnknownItem():
            expected = "an indicator that a model in force scores or a rule asks for"
            problem = f"{fault.item} is asked for by none"
            return [FieldError("body.indicators", problem, expected, Fault.UNKNOWN)]
        case errors.RejectedBefore():
            expected = f"evidence that it did not name, or filed on {fault.again_on.isoformat()} or later"
            problem, again_on = f"objection {fault.number} was rejected on this", fault.again_on.isoformat()
            return [FieldError("body.evidence", problem, expected, Fault.REJECTED_BEFORE, again_on)]
        case errors.InvalidModel():
            return [field_error(each) for each in fault.problems]
    return []


def _day_error(fault: errors.DayNotFree | errors.TooFarAhead) -> FieldError:
    """Which days can be."""
    field = f"body.{fault.name}"
    if isinstance(fault, errors.TooFarAhead):
        latest = fault.latest.isoformat()
        return FieldError(field, fault.reason, f"{latest} or earlier", Fault.TOO_LATE, latest)
    earliest = fault.earliest.isoformat()
    return FieldError(field, fault.reason, f"{earliest} or later", Fault.TOO_EARLY, earliest)


def field_error(problem: errors.Problem) -> FieldError:
    """A problem of a text as it is told, with its line."""
    field = f"text.{problem.place}" if problem.place else "text"
    expected = f"line {problem.line} put right" if problem.line else "the text put right"
    return FieldError(field, str(problem), expected)
