"""Past decisions derived anew, and held against the books byte for byte (重放)."""

from typing import Annotated, Self

from fastapi import APIRouter, Path
from httpapi.access import AreaRule, allow, audit_read
from httpapi.identity import Caller, Role
from httpapi.pages import decode_cursor, encode_cursor
from httpapi.problems import NotFound
from pydantic import BaseModel, Field

from classification_service.http_api.desk import Desk
from classification_service.http_api.edge import OneEntity, Uscc
from classification_service.rules.replaying import Replayed, set_of
from classification_service.use_cases.replay import FIRST, Tally, replay_after, replay_one, replay_sample

Auditing = Annotated[
    Caller,
    allow(
        Role.AUDITOR,
        Role.MODEL_MANAGER,
        Role.CITY_ADMINISTRATOR,
        area=AreaRule.CITY_ONLY,
        purpose="audit decisions",
    ),
]
AT_MOST = 20_000
"""Decisions in one page of all: a request of some seconds."""
DecisionNumber = Annotated[int, Path(ge=1, lt=2**31, description="number within the entity")]


class ReplayRow(BaseModel):
    """A decision and what comes of deriving it anew."""

    uscc: str
    number: int
    same: bool = Field(description="byte for byte: points, score, class, override, flags, sectors")
    has_points: bool = Field(description="false for a decision of a monthly run: its points are not kept")
    differs: list[str] = Field(description="what is not the same")
    judged_by: str = Field(description="set of models, or the one model of an old decision")
    risk_class: str
    risk_class_anew: str

    @classmethod
    def of(cls, each: Replayed) -> Self:
        """The result as it is shown."""
        return cls(
            uscc=each.decision.uscc,
            number=each.decision.number,
            same=not each.differs,
            has_points=bool(each.decision.points),
            differs=list(each.differs),
            judged_by=set_of(each.decision),
            risk_class=each.decision.risk_class,
            risk_class_anew=each.outcome.risk_class,
        )


class ReplayOrder(BaseModel):
    """How many decisions, drawn by the seed; where no number is given, all of them page by page."""

    decisions: int | None = Field(None, ge=1, le=100_000)
    seed: int = Field(0, ge=-(2**63), lt=2**63)
    cursor: str | None = Field(
        None, description="next_cursor of the page before, where all are asked for 游标", max_length=4096
    )


class ReplayTally(BaseModel):
    """How many came out the same, and the first of those that did not."""

    decisions: int
    same: int
    without_points: int = Field(
        description="of the decisions, those of monthly runs: their points are not kept, the rest is compared"
    )
    differing: list[ReplayRow] = Field(description="the first hundred")
    next_cursor: str | None = Field(description="where to go on, where all were asked for and more are left")

    @classmethod
    def of(cls, tally: Tally) -> Self:
        """The tally as it is shown."""
        return cls(
            decisions=tally.decisions,
            without_points=tally.without_points,
            same=tally.decisions - tally.differing,
            differing=[ReplayRow.of(each) for each in tally.shown],
            next_cursor=encode_cursor(*tally.last) if tally.last else None,
        )


def router(desk: Desk) -> APIRouter:
    """Routes about replays."""
    routes = APIRouter(prefix="/v1", tags=["replays 重放"])

    @routes.get("/entities/{uscc}/decisions/{number}/replay", summary="One decision anew 重放一次决定")
    async def replay_decision(caller: OneEntity, uscc: Uscc, number: DecisionNumber) -> ReplayRow:
        await desk.visible(caller, uscc)
        audit_read(caller, f"replay of decision {number}", uscc)
        found = await replay_one(uscc, number, desk.replays)
        if found is None:
            raise NotFound("There is no such decision.")
        return ReplayRow.of(found)

    @routes.post("/replays", summary="Many decisions anew 批量重放")
    async def replay_decisions(caller: Auditing, order: ReplayOrder) -> ReplayTally:
        audit_read(caller, f"replay of {order.decisions or 'all'} decisions")
        if order.decisions is None:
            tally = await replay_after(_last(order.cursor), AT_MOST, desk.replays)
        else:
            tally = await replay_sample(order.decisions, order.seed, desk.replays)
        return ReplayTally.of(tally)

    return routes


def _last(cursor: str | None) -> tuple[str, int]:
    if cursor is None:
        return FIRST
    uscc, number = decode_cursor(cursor, str, int)
    return str(uscc), int(number)
