"""Snapshots of the city, and the class an entity had in a month."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query
from httpapi.access import audit_read, require_area
from httpapi.idempotency import OncePerKey
from httpapi.pages import Page, PageRequest
from httpapi.problems import Conflict, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response
from vocabulary.industries import Sector

from classification_service.errors import Unanswerable
from classification_service.http_api.city import AnyArea, CityEdge, Manager
from classification_service.http_api.edge import OneEntity, Uscc, flag_names
from classification_service.model.city import MonthlyClass, Snapshot
from classification_service.rules.verdicts import class_in

SnapshotId = Annotated[int, Path(ge=1, lt=2**62)]
_LETTERS = ("", "A", "B", "C", "D")


class SnapshotShown(BaseModel):
    """The city as it was (快照)."""

    id: int
    kind: str = Field(description="working 工作副本 or monthly 月度")
    business_day: date
    made_at: datetime
    models: list[str] = Field(description="models that had judged 模型版本")
    entities: int
    counts: dict[str, int] = Field(description="entities by class")
    sha256: str = Field(description="of its manifest, which holds those of its files; empty while it is made")
    path: str = Field(description="folder below the folder of snapshots")
    is_complete: bool

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """The snapshot as it is shown."""
        return cls(**{name: getattr(snapshot, name) for name in Snapshot.__dataclass_fields__})


class ClassThen(BaseModel):
    """An entity's class in a snapshot."""

    uscc: str
    risk_class: str
    score: float
    override_code: str
    flags: list[str]
    sectors: dict[str, str] = Field(description="class in each sector it is a member of")
    area_code: str
    industry: str
    decision_number: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """The row as it is listed."""
        own = {name: row[name] for name in ("uscc", "score", "override_code", "area_code", "industry")}
        return cls(
            **own,
            decision_number=row["decision_number"],
            risk_class=_LETTERS[row["class"]],
            flags=flag_names(row["flags"]),
            sectors=_sectors(row["sectors"]),
        )


class ClassOfMonth(BaseModel):
    """An entity's class as a monthly run left it (历月分类)."""

    business_day: date
    risk_class: str
    score: float
    flags: list[str]
    sectors: dict[str, str]
    decision_number: int
    was_decided: bool = Field(description="whether the run itself made that decision")
    was_judged: bool = Field(
        description="false where the run left the entity as it was; the class is then that of a day before or after"
    )

    @classmethod
    def of(cls, month: MonthlyClass) -> Self:
        """The month as it is shown."""
        own = {
            name: getattr(month, name) for name in ("business_day", "risk_class", "score", "decision_number")
        }
        return cls(
            **own,
            was_decided=month.was_decided,
            was_judged=month.was_judged,
            flags=flag_names(month.flags),
            sectors=_sectors(month.sectors),
        )


class Months(BaseModel):
    """Month by month, newest first."""

    uscc: str
    items: list[ClassOfMonth]


def _sectors(packed: int) -> dict[str, str]:
    found = ((sector, class_in(packed, sector)) for sector in Sector)
    return {str(sector): _LETTERS[letter] for sector, letter in found if letter}


def router(edge: CityEdge) -> APIRouter:
    """Routes about snapshots."""
    routes = APIRouter(prefix="/v1", tags=["snapshots 快照"])
    _taking(routes, edge)
    _reading(routes, edge)
    _of_entities(routes, edge)
    return routes


def _taking(routes: APIRouter, edge: CityEdge) -> None:
    @routes.post(
        "/snapshots", response_model=SnapshotShown, summary="Take a working copy of the city 生成工作副本"
    )
    async def take(caller: Manager, once: OncePerKey) -> Response:
        audit_read(caller, "the whole city")

        async def work() -> SnapshotShown:
            return SnapshotShown.of(await edge.snapshots.take())

        try:
            async with edge.one_at_a_time, edge.desk.open() as tx:
                return await once.answer(tx.idempotency, 200, work)
        except Unanswerable as error:
            raise Conflict(f"The copy could not be taken: {error}.") from error


def _reading(routes: APIRouter, edge: CityEdge) -> None:
    @routes.get("/snapshots", summary="Working copies, newest first 工作副本列表")
    async def list_snapshots(caller: Manager, page: PageRequest) -> Page[SnapshotShown]:
        before = page.after(int)
        rows = await edge.snapshots.some(before=int(before[0]) if before else None, limit=page.limit + 1)
        audit_read(caller, "snapshots")
        return page.page(rows, key=lambda row: (row.id,), item=SnapshotShown.of)

    @routes.get("/snapshots/{snapshot_id}", summary="One working copy 工作副本详情")
    async def read_snapshot(caller: Manager, snapshot_id: SnapshotId) -> SnapshotShown:
        found = await edge.snapshots.some(snapshot_id)
        if not found:
            raise NotFound("There is no such snapshot.")
        audit_read(caller, f"snapshot {snapshot_id}")
        return SnapshotShown.of(found[0])


def _of_entities(routes: APIRouter, edge: CityEdge) -> None:
    @routes.get("/snapshots/{snapshot_id}/classes", summary="Classes in a working copy 工作副本分类")
    async def list_classes(
        caller: AnyArea,
        snapshot_id: SnapshotId,
        page: PageRequest,
        area: Annotated[str | None, Query(pattern=r"^[0-9A-Z]{6}$", description="area code 区划")] = None,
    ) -> Page[ClassThen]:
        after = page.after(str) or ("",)
        own = caller.area_filter()
        if own is not None and area not in (None, own):
            require_area(caller, area)
        try:
            rows = await edge.snapshots.classes(snapshot_id, str(after[0]), page.limit + 1, area or own)
        except Unanswerable as error:
            raise NotFound(f"Its classes cannot be read: {error}.") from error
        audit_read(caller, f"classes of snapshot {snapshot_id}")
        return page.page(list(rows), key=lambda row: (row["uscc"],), item=ClassThen.of)

    @routes.get("/entities/{uscc}/classes/monthly", summary="Class month by month 历月分类")
    async def read_months(caller: OneEntity, uscc: Uscc) -> Months:
        state = await edge.classes.state(uscc)
        require_area(caller, (state.area_code or None) if state else None)
        if state is None:
            raise NotFound("There is no such entity.")
        audit_read(caller, "monthly classes", uscc)
        months = await edge.snapshots.monthly(uscc)
        return Months(uscc=uscc, items=[ClassOfMonth.of(month) for month in months])
