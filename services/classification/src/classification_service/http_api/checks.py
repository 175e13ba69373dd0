"""What is wrong in a text that nobody saved yet, and what one version says otherwise than another."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi.access import audit_read
from httpapi.problems import NotFound
from pydantic import BaseModel, Field

from classification_service.http_api.desk import Writer
from classification_service.http_api.drafts import DiffAnswer, DifferenceRow, DraftText, ProblemRow
from classification_service.http_api.edge import AnyStaff, Edge
from classification_service.http_api.models import ModelId
from classification_service.model.risk_model import RiskModel
from classification_service.rules.differing import differences
from classification_service.rules.drafting import checked

OtherId = Annotated[
    str, Query(pattern=r"^[a-z][a-z0-9_-]*@[0-9]+$", description="the version to compare with")
]


class CheckedText(BaseModel):
    """A text as it would be answered if it were saved; nothing is kept."""

    code: str = Field(description="of the model, empty while the text cannot be read")
    problems: list[ProblemRow]


def router(edge: Edge) -> APIRouter:
    """Routes that look and keep nothing."""
    routes = APIRouter(prefix="/v1")

    @routes.post(
        "/drafts/check", tags=["drafts 模型草案"], summary="What is wrong in a draft's text 校验草案文本"
    )
    async def check(_caller: Writer, body: DraftText) -> CheckedText:
        async with edge.desk.open() as tx:
            books = await tx.drafts.versions()
        found = await asyncio.to_thread(checked, body.text, edge.catalogue, books)
        rows = [ProblemRow(line=each.line, place=each.place, reason=each.reason) for each in found.problems]
        return CheckedText(code=found.code, problems=rows)

    @routes.get("/models/{model_id}/diff", tags=["models 模型"], summary="A version against another 版本比较")
    async def compare(caller: AnyStaff, model_id: ModelId, against: OtherId) -> DiffAnswer:
        audit_read(caller, f"diff of {model_id}")
        other, own = await _both(edge, (against, model_id))
        found = await asyncio.to_thread(differences, other.definition, own.definition)
        return DiffAnswer(against=against, differences=list(map(DifferenceRow.of, found)))

    return routes


async def _both(edge: Edge, ids: Sequence[str]) -> Sequence[RiskModel]:
    """Both versions.

    Raises:
        NotFound: one of them is not in the books.
    """
    found = [await edge.models.get(each) for each in ids]
    models = [each for each in found if each is not None]
    if len(models) < len(ids):
        raise NotFound("There is no such model.")
    return models
