"""The inspector pool (检查人员库)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from httpapi import STAFF, AreaRule, Caller, Role, allow, require_area
from httpapi.idempotency import OncePerKey
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from sampling_service.http_api.edge import Edge
from sampling_service.model.tasks import Inspector
from sampling_service.use_cases import tasks

Keeper = Annotated[
    Caller, allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="keep the pool")
]
Reader = Annotated[
    Caller,
    allow(*STAFF - {Role.INSPECTOR}, area=AreaRule.FILTER, purpose="see the pool"),
]


class InspectorIn(BaseModel):
    """An inspector as kept; personal data beyond the name is not."""

    model_config = ConfigDict(from_attributes=True)

    ref: str = Field(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="stable reference: the subject of the inspector's token",
    )
    name: str = Field("", max_length=100)
    area_code: str = Field(pattern=r"^[0-9A-Z]{6}$")
    licence_valid_until: date = Field(description="执法证件 valid until, inclusive")
    specialties: set[Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]] = set()
    conflicts: set[Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]] = Field(
        set(), description="USCCs of entities to keep away from (回避)"
    )


class InspectorsIn(BaseModel):
    """Inspectors to put; those not named stay as they are."""

    inspectors: list[InspectorIn] = Field(min_length=1, max_length=5000)


class PutOut(BaseModel):
    """How many were put."""

    put: int


def router(edge: Edge) -> APIRouter:
    """Routes of the inspector pool."""
    routes = APIRouter(prefix="/v1/inspectors", tags=["inspectors"])

    @routes.put("", summary="Keep inspectors 维护检查人员名录", response_model=PutOut)
    async def put_inspectors(caller: Keeper, body: InspectorsIn, once: OncePerKey) -> Response:
        """Put inspectors, with specialties and conflicts of interest; the last of one reference counts."""
        for each in body.inspectors:
            require_area(caller, each.area_code, what="area")
        pool = {each.ref: _inspector(each) for each in body.inspectors}
        async with edge.unit_of_work() as tx:
            for area_code in (await tx.inspectors.areas(pool.keys())).values():
                require_area(caller, area_code, what="inspector")

            async def work() -> PutOut:
                await tasks.put_inspectors(list(pool.values()), tx)
                return PutOut(put=len(pool))

            return await once.answer(tx.idempotency, 200, work)

    @routes.get("", summary="Inspectors 检查人员名录")
    async def list_inspectors(caller: Reader) -> list[InspectorIn]:
        """The inspector pool of the caller's area."""
        area_code = caller.area_filter()
        async with edge.unit_of_work() as tx:
            pool = await tx.inspectors.all()
        return [InspectorIn.model_validate(each) for each in pool if area_code in {None, each.area_code}]

    return routes


def _inspector(body: InspectorIn) -> Inspector:
    return Inspector(
        ref=body.ref,
        area_code=body.area_code,
        licence_valid_until=body.licence_valid_until,
        specialties=frozenset(body.specialties),
        conflicts=frozenset(body.conflicts),
        name=body.name,
    )
