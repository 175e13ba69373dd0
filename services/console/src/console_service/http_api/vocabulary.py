"""The words all services share, for the page: areas, sectors, sections of industry, kinds of entity."""

from functools import cache

from fastapi import APIRouter
from pydantic import BaseModel, Field
from vocabulary.areas import CITY, AreaType, areas
from vocabulary.code_tables import Row
from vocabulary.entity_types import entity_types
from vocabulary.industries import sections, sector_names

from console_service.http_api.edge import Edge
from console_service.http_api.session import Anybody


class Word(BaseModel):
    """A code and what it is called."""

    code: str
    zh: str
    en: str


class AreaWord(Word):
    """One of the 23 areas."""

    official: bool = Field(description="whether the code is of GB/T 2260; a function zone's is ours")
    hosts: list[str] = Field(description="codes of the districts a function zone lies in")


class Vocabulary(BaseModel):
    """Codes that people should not have to read."""

    city: str = Field(description="the code that covers all areas")
    areas: list[AreaWord]
    sectors: list[Word]
    sections: list[Word] = Field(description="top letters of GB/T 4754")
    entity_types: list[Word]


def router(_edge: Edge) -> APIRouter:
    """The route of the vocabulary."""
    routes = APIRouter(prefix="/api/vocabulary", tags=["vocabulary 代码表"])

    @routes.get("", dependencies=[Anybody], summary="Names of codes 代码表")
    async def read_vocabulary() -> Vocabulary:
        return vocabulary()

    return routes


@cache
def vocabulary() -> Vocabulary:
    """All of it; it changes with the code only."""
    return Vocabulary(
        city=CITY,
        areas=[
            AreaWord(**_word(area).model_dump(), official=area.type is AreaType.GB, hosts=list(area.hosts))
            for area in areas().values()
        ],
        sectors=[_word(row) for row in sector_names().values()],
        sections=[_word(row) for row in sections().values()],
        entity_types=[_word(row) for row in entity_types().values()],
    )


def _word(row: Row) -> Word:
    return Word(code=row.code, zh=row.zh, en=row.en)
