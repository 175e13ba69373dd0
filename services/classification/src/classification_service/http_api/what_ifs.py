"""What a draft would do to the city (先试后用)."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query
from httpapi.access import audit_read
from httpapi.field_errors import FieldError
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field

from classification_service.errors import InvalidModel, Problem, Unanswerable
from classification_service.http_api.city import CityEdge, Manager
from classification_service.model.risk_model import RiskModel
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


class Question(BaseModel):
    """A draft, as text or by its id, and what it is tried on."""

    model: str = Field("", max_length=_LONGEST_MODEL, description="the draft's YAML 模型草案")
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
    """Visits a year under the shares, by class, and under key supervision (检查量)."""

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
    snapshot_id: int
    business_day: str
    entities: int
    movers: int = Field(description="entities that would be otherwise classed")
    mix: NowAndThen
    migration: dict[str, Mix] = Field(
        description="by class now (empty: none), entities by class then 迁移矩阵"
    )
    by_area: dict[str, Group]
    by_section: dict[str, Group] = Field(description="by top letter of the industry 门类")
    load: Load
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
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The row as it is listed."""
        return cls(**{**row, "before": _LETTERS[row["before"]], "after": _LETTERS[row["after"]]})


def router(edge: CityEdge) -> APIRouter:
    """Routes about drafts that are tried."""
    routes = APIRouter(prefix="/v1/models/what-if", tags=["models 模型"])

    @routes.post("", summary="Try a draft over the city 试算")
    async def ask(caller: Manager, question: Question) -> Answer:
        asked = Asked(
            await _model(question, edge), question.snapshot_id, _ratios(question, edge), caller.subject
        )
        audit_read(caller, f"what-if of {asked.model.id}")
        try:
            return Answer(**await what_if(asked, edge.catalogue, edge.what_ifs))
        except Unanswerable as error:
            raise _wrong("snapshot_id", str(error), "the id of a complete snapshot") from error

    @routes.get("/{what_if_id}", summary="An earlier answer 试算结果")
    async def read(caller: Manager, what_if_id: WhatIfId) -> Answer:
        found = await edge.what_ifs.kept(what_if_id)
        if found is None:
            raise NotFound("There is no such what-if.")
        audit_read(caller, f"what-if {what_if_id}")
        return Answer(**found)

    @routes.get("/{what_if_id}/moves", summary="Who would move, by code 迁移名单")
    async def list_movers(
        caller: Manager,
        what_if_id: WhatIfId,
        page: PageRequest,
        area: Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="area code 区划")] = None,
        section: Annotated[str | None, Query(pattern=r"^[A-T]$", description="top letter 门类")] = None,
    ) -> Page[Mover]:
        after = page.after(str) or ("",)
        try:
            rows = await edge.what_ifs.movers(what_if_id, str(after[0]), page.limit + 1, (area, section))
        except Unanswerable as error:
            raise NotFound("There is no such what-if.") from error
        audit_read(caller, f"movers of what-if {what_if_id}")
        return page.page(rows, key=lambda row: (row["uscc"],), item=Mover.of)

    return routes


async def _model(question: Question, edge: CityEdge) -> RiskModel:
    if bool(question.model) == bool(question.model_id):
        raise _wrong("model", "one of model and model_id is needed, not both", "a draft's YAML")
    if question.model_id:
        found = await edge.models.get(question.model_id)
        if found is None:
            raise _wrong("model_id", "is not in the books", "such as general@1")
        return found
    try:
        document = located(question.model)
        return model_of(document.document, edge.catalogue, document.lines)
    except InvalidModel as error:
        raise Invalid(errors=[_field(each) for each in error.problems]) from error


def _field(problem: Problem) -> FieldError:
    place = f"body.model.{problem.place}" if problem.place else "body.model"
    line = f"line {problem.line}: " if problem.line else ""
    return FieldError(place, f"{line}{problem.reason}", "a model as docs and shipped models have it")


def _ratios(question: Question, edge: CityEdge) -> Mapping[str, Ratio]:
    if question.shares is not None:
        shares = question.shares.model_dump()
        return {name: Ratio(share, "as asked", "assumption") for name, share in shares.items()}
    code = question.ratios or next(iter(edge.ratios))
    if code not in edge.ratios:
        raise _wrong("ratios", "is no set of shares", f"one of {', '.join(edge.ratios)}")
    return edge.ratios[code]


def _wrong(field: str, problem: str, expected: str) -> Invalid:
    return Invalid(errors=[FieldError(f"body.{field}", problem, expected)])
