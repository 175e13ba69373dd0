"""Mappings of a source: how its files become facts (映射)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Query, Request
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid, NotFound, Overloaded
from pydantic import BaseModel, Field

from ingestion_service.errors import FileRefused, UnknownMapping, UnknownSource
from ingestion_service.http_api.bodies import whole
from ingestion_service.http_api.files_edge import FilesEdge, MappingName, SourceName, Uploader, source_for
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.file import Opened, ReadOrder
from ingestion_service.model.mapping import Mapping, StoredMapping
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.mapping.checking import check_mapping, read_mapping
from ingestion_service.rules.mapping.suggesting import suggest

LONGEST_MAPPING = 1024 * 1024
LONGEST_SAMPLE = 4 * 1024 * 1024
AT_ONCE = 2
"""Samples that one process opens at once: each has a process of its own, of up to 1 GiB."""
PATIENCE_S = 20.0
_MAPPING_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "description": "as docs/files.md tells"}}
        },
    }
}
_SAMPLE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class MappingOut(BaseModel):
    """One version of a mapping."""

    source: str
    name: str
    version: int
    mapping: dict[str, Any]
    created_by: str
    created_at: datetime


class GuessOut(BaseModel):
    """A column, and what it probably is."""

    column: str
    place: str
    confidence: float = Field(description="how much like the name of that place it is; 1 would be certainty")


class SuggestionOut(BaseModel):
    """A proposal to look through: it is not stored, and need not be right as it is."""

    mapping: dict[str, Any]
    confidence: float
    columns: list[GuessOut]
    missing: list[str] = Field(description="required places that no column seems to be")
    unused: list[str] = Field(description="columns that seem to be nothing of this type")
    problems: list[dict[str, str]] = Field(description="what PUT would refuse in it as it is")


def mappings_router(edge: FilesEdge) -> APIRouter:
    """Routes of mappings."""
    router = APIRouter(prefix="/v1/sources/{name}/mappings", tags=["files 文件归集"])
    _reading(router, edge)
    _writing(router, edge)
    _suggesting(router, edge)
    return router


def _reading(router: APIRouter, edge: FilesEdge) -> None:
    @router.get("", summary="Mappings of a source (映射清单)")
    async def list_mappings(caller: Uploader, name: SourceName) -> list[MappingOut]:
        await source_for(edge, caller, name)
        return [_out(stored) for stored in await edge.mappings.newest(name)]

    @router.get("/{mapping}", summary="One mapping (查询映射)")
    async def read_one(
        caller: Uploader,
        name: SourceName,
        mapping: MappingName,
        version: Annotated[int | None, Query(ge=1, lt=2**31, description="the newest when not given")] = None,
    ) -> MappingOut:
        await source_for(edge, caller, name)
        try:
            return _out(await edge.mappings.get(name, mapping, version))
        except UnknownMapping as error:
            raise NotFound("There is no such mapping.") from error


def _writing(router: APIRouter, edge: FilesEdge) -> None:
    @router.put("/{mapping}", openapi_extra=_MAPPING_BODY, summary="Write a mapping (维护映射)")
    async def put_mapping(
        caller: Uploader, name: SourceName, mapping: MappingName, request: Request
    ) -> MappingOut:
        """A change is a new version; the same again changes nothing. What is wrong is told at once, all of it."""
        source = await source_for(edge, caller, name)
        found = read_mapping(await whole(request, LONGEST_MAPPING))
        problems = (
            [found] if isinstance(found, Problem) else [*check_mapping(found), *_forbidden(found, source)]
        )
        if problems or isinstance(found, Problem):
            raise Invalid("The mapping is not right.", errors=[_field_error(each) for each in problems])
        try:
            return _out(await edge.mappings.put(name, mapping, found, caller.subject))
        except UnknownSource as error:
            raise NotFound("There is no such source.") from error


def _forbidden(mapping: Mapping, source: Source) -> list[Problem]:
    if source.may_send(mapping.fact_type):
        return []
    expected = f"one of {', '.join(sorted(source.fact_types))}"
    return [Problem("fact_type", "is not taken from this source", expected)]


def _suggesting(router: APIRouter, edge: FilesEdge) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    @router.post("/{mapping}/suggest", openapi_extra=_SAMPLE_BODY, summary="Propose a mapping (建议映射)")
    async def suggest_mapping(  # noqa: PLR0913, PLR0917 - FastAPI gives them by name
        caller: Uploader,
        name: SourceName,
        mapping: MappingName,  # noqa: ARG001 - nothing is stored under it yet
        request: Request,
        fact_type: Annotated[str, Query(max_length=200)],
        file_name: Annotated[str, Query(max_length=255, description="tells the kind of file")],
        header_row: Annotated[int, Query(ge=1, le=100)] = 1,
    ) -> SuggestionOut:
        """Of the first bytes of a text file, or of a whole small workbook or Parquet file, at most 4 MiB."""
        await source_for(edge, caller, name)
        if fact_type not in FACT_TYPES:
            wrong = FieldError(
                "query.fact_type", "is not known", "one of the types of GET /v1/fact-types", Fault.UNKNOWN
            )
            raise Invalid(errors=[wrong])
        sample = await whole(request, LONGEST_SAMPLE)
        try:
            async with asyncio.timeout(PATIENCE_S), room:
                opened = await _opened(edge, sample, file_name, Mapping(fact_type, {}, header_row=header_row))
                return await asyncio.to_thread(_suggestion, fact_type, opened.header, header_row)
        except TimeoutError as error:
            told = f"No header was found within {PATIENCE_S:g} s. Send a smaller sample, or come back later."
            raise Overloaded(told, retry_after_s=int(PATIENCE_S) or 1) from error


async def _opened(edge: FilesEdge, sample: bytes, file_name: str, mapping: Mapping) -> Opened:
    """The sample is opened as files are, in a process of its own."""
    file_id = edge.new_id()
    try:
        await edge.disk.append(file_id, 0, _once(sample), LONGEST_SAMPLE)
        order = ReadOrder(edge.disk.content(file_id), file_name, msgspec.json.encode(mapping), "")
        return await edge.reader.header(order)
    except FileRefused as refused:
        raise Invalid(
            errors=[FieldError(f"body.{refused.field}", refused.problem, refused.expected)]
        ) from refused
    finally:
        await edge.disk.discard(file_id)


async def _once(sample: bytes) -> AsyncIterator[bytes]:
    yield sample


def _suggestion(fact_type: str, header: list[str], header_row: int) -> SuggestionOut:
    found = suggest(fact_type, header)
    mapping = msgspec.structs.replace(found.mapping, header_row=header_row)
    return SuggestionOut(
        mapping=_document(mapping),
        confidence=found.confidence,
        columns=[GuessOut(**guess._asdict()) for guess in found.guesses],
        missing=list(found.missing),
        unused=list(found.unused),
        problems=[_field_error(each).as_json() for each in check_mapping(mapping)],
    )


def _field_error(problem: Problem) -> FieldError:
    return FieldError(f"body.{problem.field}".removesuffix("."), problem.problem, problem.expected)


def _document(mapping: Mapping) -> dict[str, Any]:
    """Without what stands there by default."""
    return cast("dict[str, Any]", msgspec.to_builtins(mapping))


def _out(stored: StoredMapping) -> MappingOut:
    return MappingOut(
        source=stored.source,
        name=stored.name,
        version=stored.version,
        mapping=_document(stored.mapping),
        created_by=stored.created_by,
        created_at=datetime.fromisoformat(stored.created_at),
    )
