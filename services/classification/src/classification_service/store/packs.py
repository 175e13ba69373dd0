"""The catalogue and models shipped with the service, and the model versions in the books."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service import tables
from classification_service.errors import ChangedModel
from classification_service.model.mending import Mend
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.model.what_if import Ratio
from classification_service.rules.cadence import Cadence, cadences_of
from classification_service.rules.objecting import Term, terms_of
from classification_service.rules.reading import catalogue_of, mends_of, model_of

_PACKS = files("classification_service").joinpath("packs")
CATALOGUE_VERSION = 2


def shipped_catalogue() -> Catalogue:
    """The indicator catalogue whose values this service understands."""
    return catalogue_of(_document(f"indicators-{CATALOGUE_VERSION}.yaml"))


@cache
def shipped_widths() -> Mapping[int, int]:
    """How many indicators each catalogue had, by its version: a later one begins with those of an earlier."""
    versions = range(1, CATALOGUE_VERSION + 1)
    return MappingProxyType(
        {each: len(_document(f"indicators-{each}.yaml")["indicators"]) for each in versions}
    )


def shipped_mends(catalogue: Catalogue) -> tuple[Mend, ...]:
    """What an entity can mend itself."""
    return mends_of(_document("mending.yaml"), catalogue)


def shipped_text(model_id: str) -> str:
    """The file of a shipped model, comments and all."""
    code, _, version = model_id.rpartition("@")
    return _PACKS.joinpath(f"models/{code}-{version}.yaml").read_text(encoding="utf-8")


def shipped_models(catalogue: Catalogue) -> list[RiskModel]:
    """Every model shipped, in order of code and version.

    Raises:
        InvalidModel: One of them contradicts itself or the catalogue.
    """
    names = (entry.name for entry in _PACKS.joinpath("models").iterdir() if entry.name.endswith(".yaml"))
    models = [model_of(_document(f"models/{name}"), catalogue) for name in names]
    return sorted(models, key=lambda model: (model.code, model.version))


def stored_model(row: Any, catalogue: Catalogue) -> RiskModel:
    """A version as it is in the books, checked against its own hash.

    Raises:
        ChangedModel: The stored definition does not have the hash stored beside it.
    """
    model = model_of(row.definition, catalogue)
    if model.sha256 != row.sha256:
        raise ChangedModel(model.id, row.sha256, model.sha256)
    return replace(model, approver=row.approver or model.approver)


def shipped_terms() -> tuple[Term, ...]:
    """By when objections are decided."""
    return terms_of(_document("objections.yaml"))


def shipped_cadences() -> tuple[Cadence, ...]:
    """When the whole city is judged without being asked."""
    return cadences_of(_document("cadence.yaml"))


def shipped_ratios() -> dict[str, dict[str, Ratio]]:
    """Sets of shares that plans inspect, by code; the usual one first."""
    document = _document("ratios.yaml")
    sets = {
        each["code"]: {
            name: Ratio(share, each["citation"], each["confidence"]) for name, share in each["shares"].items()
        }
        for each in document["sets"]
    }
    usual = document["default"]
    return {usual: sets.pop(usual), **sets}


class StoredModels:
    """The model versions that were in the books at a moment, by id."""

    def __init__(self, models: Sequence[RiskModel]) -> None:
        self._models = {model.id: model for model in models}

    @classmethod
    async def load(cls, connection: AsyncConnection, catalogue: Catalogue) -> "StoredModels":
        """All of them, each checked against its own hash.

        Raises:
            ChangedModel: A stored definition does not have the hash stored beside it.
        """
        query = select(tables.model).order_by(tables.model.c.code, tables.model.c.version)
        models = [stored_model(row, catalogue) for row in await connection.execute(query)]
        return cls(models)

    def all(self) -> Sequence[RiskModel]:
        """In order of code and version."""
        return list(self._models.values())

    def get(self, model_id: str) -> RiskModel | None:
        """The version with this id."""
        return self._models.get(model_id)


class ReadVersions:
    """Versions in the books, each read once: what has the same hash is the same model, whoever wrote it and when."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, RiskModel] = {}

    async def read(self, connection: AsyncConnection, ids: Iterable[str]) -> Mapping[str, RiskModel]:
        """Those of these that there are, by id.

        Raises:
            ChangedModel: A stored definition does not have the hash stored beside it.
        """
        table = tables.model
        asked = select(table.c.id, table.c.sha256, table.c.approver).where(table.c.id.in_(list(ids)))
        heads = (await connection.execute(asked)).all()
        missing = [row.id for row in heads if row.sha256 not in self._known]
        if missing:
            for row in await connection.execute(select(table).where(table.c.id.in_(missing))):
                self._known[row.sha256] = stored_model(row, self._catalogue)
        return {
            row.id: replace(
                self._known[row.sha256], approver=row.approver or self._known[row.sha256].approver
            )
            for row in heads
        }


def _document(name: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(_PACKS.joinpath(name).read_text(encoding="utf-8"))
    return document
