"""Indicator values from facts and identity: the same code for one entity and for a city."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from vocabulary.entity_types import Family, entity_types

from profiling_service.model.catalogue import OF_FACTS, Aggregate, Catalogue, Indicator
from profiling_service.model.entities import Entity, EntityStatus, Identity
from profiling_service.model.facts import FactType
from profiling_service.rules.columns import Facts, Mask
from profiling_service.rules.windows import completed_years, first_minute

Matrix = npt.NDArray[np.float32]
_FEN_PER_WAN = 1_000_000
_UNKNOWN_DAY = np.iinfo(np.int64).min


def values_before(entities: Sequence[Entity], width: int) -> Matrix:
    """The values last told, one row for each entity; not a number throughout for an entity told nothing yet."""
    nothing = np.full(width, np.nan, "<f4").tobytes()
    joined = b"".join([entity.values or nothing for entity in entities])
    return np.frombuffer(joined, "<f4").reshape(len(entities), width)


def of_facts(catalogue: Catalogue, facts: Facts, counts: Mask, day: int, values: Matrix) -> None:
    """Every indicator over facts is written into its column of `values`, for facts that count on `day`."""
    for position, indicator in enumerate(catalogue.indicators):
        if indicator.aggregate in OF_FACTS:
            rows = np.flatnonzero(_looked_at(indicator, facts, day) & counts)
            values[:, position] = _AGGREGATES[indicator.aggregate](facts, rows)


def ages(catalogue: Catalogue, established: Sequence[int | None], day: int, values: Matrix) -> None:
    """The age column is written; not a number where the day of establishment is not known."""
    days = np.array([_UNKNOWN_DAY if on is None else on for on in established], np.int64)
    known = days != _UNKNOWN_DAY
    column = values[:, catalogue.position(Aggregate.COMPLETED_YEARS)]
    column[~known] = np.nan
    column[known] = completed_years(days[known], day)


def of_identity(catalogue: Catalogue, identities: Mapping[int, Identity], values: Matrix) -> None:
    """The identity columns are written for the rows whose identity is given."""
    if not identities:
        return
    rows = list(identities)
    for aggregate, value in _OF_IDENTITY.items():
        column = catalogue.position(aggregate)
        values[rows, column] = [value(identity) for identity in identities.values()]


def statuses(facts: Facts, counts: Mask) -> npt.NDArray[np.int16]:
    """State of registration of each entity; unspecified where no registration has come."""
    status = np.zeros(facts.size, np.int16)
    for kind, value in _STATUS_OF_TYPE:
        status[facts.entity[(facts.type == kind) & counts]] = value
    return status


def differ(before: Matrix, after: Matrix) -> Mask:
    """Rows with any other value; not a number equals not a number."""
    changed: Mask = (before.view(np.uint32) != after.view(np.uint32)).any(axis=1)
    return changed


_STATUS_OF_TYPE = (
    (FactType.REGISTRATION_RECORDED, EntityStatus.ACTIVE),
    (FactType.SUSPENSION_DECLARED, EntityStatus.SUSPENDED),
    (FactType.REGISTRATION_REVOKED, EntityStatus.REVOKED),
    (FactType.REGISTRATION_CANCELLED, EntityStatus.CANCELLED),
)


def _looked_at(indicator: Indicator, facts: Facts, day: int) -> Mask:
    wanted = facts.of_types(indicator.types)
    if indicator.where:
        wanted &= (facts.flags & np.uint16(indicator.where)) == indicator.where
    if indicator.window is not None:
        wanted &= facts.minute >= first_minute(indicator.window, day)
    return wanted


def _count(facts: Facts, rows: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    return np.bincount(facts.entity[rows], minlength=facts.size)


def _sum_wan(facts: Facts, rows: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    summed = np.bincount(facts.entity[rows], weights=facts.value[rows], minlength=facts.size)
    return summed / _FEN_PER_WAN


def _present(facts: Facts, rows: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    present = np.zeros(facts.size, np.float32)
    present[facts.entity[rows]] = 1.0
    return present


_AGGREGATES: Mapping[Aggregate, Callable[[Facts, npt.NDArray[np.intp]], npt.NDArray[Any]]] = {
    Aggregate.COUNT: _count,
    Aggregate.SUM_WAN: _sum_wan,
    Aggregate.PRESENT: _present,
}


def _capital_wan(identity: Identity) -> float:
    return np.nan if identity.capital_fen is None else identity.capital_fen / _FEN_PER_WAN


def _is_family(identity: Identity, family: Family) -> float:
    known = entity_types().get(identity.entity_type)
    return np.nan if known is None else float(known.family is family)


_OF_IDENTITY: Mapping[Aggregate, Callable[[Identity], float]] = {
    Aggregate.CAPITAL_WAN: _capital_wan,
    Aggregate.IS_BRANCH: lambda identity: _is_family(identity, Family.BRANCH),
    Aggregate.IS_INDIVIDUAL: lambda identity: _is_family(identity, Family.INDIVIDUAL_BUSINESS),
}
