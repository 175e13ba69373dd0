"""What a draft would do to the city (先试后用)."""

from collections.abc import Mapping
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from httpapi.access import audit_read
from httpapi.field_errors import FieldError
from httpapi.idempotency import OncePerKey
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.errors import InvalidModel, Problem, Unanswerable
from classification_service.http_api.city import CityEdge, Manager
from classification_service.model.risk_model import RiskModel
from classification_service.model.what_if import Mover as Moving
from classification_service.model.what_if import Ratio
from classification_service.rules.reading import located, model_of
from classification_service.use_cases.what_if import Asked, what_if

WhatIfId = Annotated[int, Path(ge=1, lt=2**62)]
_LETTERS = ("", "A", "B", "C", "D")
_LONGEST_MODEL = 1_000_000


class Shares(BaseModel):
    """What share of each class is inspected in a year (抽查比例)."""

    A: float = Field(ge=0, le=1)
    B: float = Field(ge=0, le=1)
    C: float = Field(ge=0, le=1)
    D: float = Field(ge=0, le=1)
    key: float = Field(1.0, ge=0, le=1, description="of entities under key supervision by law")
    observed: float | None = Field(
        None, ge=0, le=1, description="of C and D by score alone in their first year; that of B when left out"
    )
    uniform: float = Field(0.03, ge=0, le=1, description="of everybody alike, drawn first")

    def ratios(self) -> dict[str, Ratio]:
        """As the domain has them."""
        shares = {**self.model_dump(), "observed": self.B if self.observed is None else self.observed}
        return {name: Ratio(share, "as asked", "assumption") for name, share in shares.items()}


class Question(BaseModel):
    """A draft, as text or by its number, or a version; and what it is tried on."""

    model: str = Field("", max_length=_LONGEST_MODEL, description="the draft's YAML 模型草案")
    draft_id: int | None = Field(None, ge=1, lt=2**63, description="or the number of a draft as it is saved")
    model_id: str = Field("", max_length=100, description="or a version in the books, such as general@1")
    snapshot_id: int | None = Field(None, ge=1, description="the newest when left out 快照")
    ratios: str = Field("", max_length=100, description="code of a set of shares; the plan's when left out")
    shares: Shares | None = Field(None, description="shares of one's own, in place of a set")


class Mix(BaseModel):
    """Entities by class."""

    A: int
    B: int
    C: int
    D: int


class NowAndThen(BaseModel):
    """Entities by class now, and by the draft."""

    now: Mix
    then: Mix


class Group(NowAndThen):
    """Those of an area or an industry."""

    movers: int


class UsedRatio(BaseModel):
    """A share that a load was reckoned with."""

    share: float
    citation: str
    confidence: str


class Load(BaseModel):
    """Visits a year under the shares, by lot: uniform, classes, observation year, key supervision (检查量)."""

    now: dict[str, float]
    then: dict[str, float]
    ratios: dict[str, UsedRatio]


class BackTested(BaseModel):
    """Problems found among the control group's valid results, with Wilson's 95 % interval (回测发现率)."""

    valid: int
    problems: int
    rate: float | None
    low: float | None
    high: float | None


class Answer(BaseModel):
    """What the draft would do; entities outside the population (注销, 吊销) are in `entities` only."""

    id: int
    model: str
    sha256: str
    cuts: list[float] = Field(description="its own, or those its shares come to in this city")
    against: list[str] = Field(description="the models in force that day, which `now` is judged by")
    snapshot_id: int
    business_day: str = Field(description="both sides are judged for this day")
    made_at: str = Field(description="when the snapshot was taken")
    entities: int
    movers: int = Field(description="entities that would be otherwise classed")
    moving_anyway: int = Field(
        description="whose class as it stands is not what the models in force make of them: a run moves them"
    )
    left: int = Field(description="left as they are: their values are not kept or of another catalogue")
    mix: NowAndThen
    migration: dict[str, Mix] = Field(
        description="by class now (empty: none), entities by class then 迁移矩阵"
    )
    by_area: dict[str, Group]
    by_section: dict[str, Group] = Field(description="by top letter of the industry 门类")
    by_sector: dict[str, Group] = Field(description="members by their class in the sector 行业")
    load: Load | None = Field(description="null for a sector's draft: plans draw by the class of the whole")
    discovery: dict[str, dict[str, BackTested]] = Field(
        description="`now` by class at the draw, `then` by the draft"
    )


class Mover(BaseModel):
    """An entity that would be otherwise classed."""

    uscc: str
    area_code: str
    industry: str
    before: str
    after: str
    score_before: float
    score_after: float

    @classmethod
    def of(cls, row: Moving) -> Self:
        """The row as it is listed."""
        return cls(**{**row._asdict(), "before": _LETTERS[row.before], "after": _LETTERS[row.after]})


def router(edge: CityEdge) -> APIRouter:
    """Routes about drafts that are tried."""
    routes = APIRouter(prefix="/v1/models/what-if", tags=["models 模型"])
    _asking(routes, edge)
    _reading(routes, edge)
    return routes


def _asking(routes: APIRouter, edge: CityEdge) -> None:
    @routes.post("", response_model=Answer, summary="Try a draft over the city 草案试算")
    async def ask(caller: Manager, question: Question, once: OncePerKey) -> Response:
        model, ratios = await _model(question, edge), _ratios(question, edge)
        asked = Asked(model, question.snapshot_id, ratios, caller.subject)
        audit_read(caller, f"what-if of {model.id}")

        async def work() -> Answer:
            return Answer.model_validate(await what_if(asked, edge.catalogue, edge.what_ifs))

        try:
            async with edge.one_at_a_time, edge.desk.open() as tx:
                return await once.answer(tx.idempotency, 200, work)
        except Unanswerable as error:
            raise _wrong("snapshot_id", str(error), "the id of a complete snapshot") from error


def _reading(routes: APIRouter, edge: CityEdge) -> None:
    @routes.get("/{what_if_id}", summary="An earlier trial 试算结果")
    async def read(caller: Manager, what_if_id: WhatIfId) -> Answer:
        found = await edge.what_ifs.kept(what_if_id)
        if found is None:
            raise NotFound("There is no such what-if.")
        audit_read(caller, f"what-if {what_if_id}")
        return Answer.model_validate(found)

    @routes.get("/{what_if_id}/moves", summary="Whom a trial would move 试算类别变化主体")
    async def list_movers(
        caller: Manager,
        what_if_id: WhatIfId,
        page: PageRequest,
        area: Annotated[str | None, Query(pattern=r"^[0-9A-Z]{6}$", description="area code 区划")] = None,
        section: Annotated[str | None, Query(pattern=r"^[A-T]$", description="top letter 门类")] = None,
    ) -> Page[Mover]:
        after = page.after(str) or ("",)
        try:
            rows = await edge.what_ifs.movers(what_if_id, str(after[0]), page.limit + 1, (area, section))
        except Unanswerable as error:
            raise NotFound(f"{str(error).capitalize()}.") from error
        audit_read(caller, f"movers of what-if {what_if_id}")
        return page.page(list(rows), key=lambda row: (row.uscc,), item=Mover.of)


async def _model(question: Question, edge: CityEdge) -> RiskModel:
    named = [bool(each) for each in (question.model, question.draft_id, question.model_id)]
    if sum(named) != 1:
        raise _wrong("model", "one of model, draft_id and model_id is needed", "a draft's YAML")
    if question.model_id:
        found = await edge.models.get(question.model_id)
        if found is None:
            raise _wrong("model_id", "is not in the books", "such as general@1")
        return found
    try:
        document = located(question.model or await _text_of(question.draft_id or 0, edge))
        return model_of(document.document, edge.catalogue, document.lines)
    except InvalidModel as error:
        raise Invalid(errors=[_field(each) for each in error.problems]) from error


async def _text_of(draft_id: int, edge: CityEdge) -> str:
    draft = await edge.desk.people.draft(draft_id)
    if draft is None:
        raise _wrong("draft_id", "there is no such draft", "the number of a draft")
    return draft.text


def _field(problem: Problem) -> FieldError:
    place = f"body.model.{problem.place}" if problem.place else "body.model"
    line = f"line {problem.line}: " if problem.line else ""
    return FieldError(place, f"{line}{problem.reason}", "a model as docs and shipped models have it")


def _ratios(question: Question, edge: CityEdge) -> Mapping[str, Ratio]:
    if question.shares is not None:
        return question.shares.ratios()
    code = question.ratios or next(iter(edge.ratios))
    if code not in edge.ratios:
        raise _wrong("ratios", "is no set of shares", f"one of {', '.join(edge.ratios)}")
    return edge.ratios[code]


def _wrong(field: str, problem: str, expected: str) -> Invalid:
    return Invalid(errors=[FieldError(f"body.{field}", problem, expected)])
