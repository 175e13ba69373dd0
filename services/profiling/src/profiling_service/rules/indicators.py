"""Indicator values from facts and identity: the same code for one entity and for a city."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from vocabulary.entity_types import Family, entity_types
from vocabulary.industries import sector_names
from vocabulary.sparse_values import unpack

from profiling_service.model.catalogue import OF_FACTS, OF_IDENTITY, Aggregate, Catalogue, Indicator
from profiling_service.model.entities import SECTORS, Entity, EntityStatus, Identity
from profiling_service.model.facts import FactType
from profiling_service.rules import aggregates
from profiling_service.rules.aggregates import InEffect
from profiling_service.rules.windows import completed_years

Matrix = npt.NDArray[np.float32]
Days = npt.NDArray[np.int64]
_FEN_PER_WAN = 1_000_000
UNKNOWN_DAY = np.iinfo(np.int64).min


def values_before(entities: Sequence[Entity], catalogue: Catalogue) -> Matrix:
    """The values last told, a row for each entity; not a number throughout where another catalogue told them."""
    told = [entity.values if entity.catalogue_version == catalogue.version else b"" for entity in entities]
    values = unpack(told, catalogue.width)
    values[[entity.catalogue_version != catalogue.version for entity in entities]] = np.nan
    return values


def of_facts(catalogue: Catalogue, view: InEffect, values: Matrix) -> None:
    """Every indicator over facts is written into its column of `values`."""
    for position, indicator in enumerate(catalogue.indicators):
        if indicator.aggregate in OF_FACTS:
            values[:, position] = aggregates.value(indicator, view)


def days_established(entities: Sequence[Entity]) -> Days:
    """Day of establishment of each, `UNKNOWN_DAY` where it is not known."""
    days = [entity.established_on_day for entity in entities]
    return np.array([UNKNOWN_DAY if day is None else day for day in days], np.int64)


def ages(catalogue: Catalogue, established: Days, day: int, values: Matrix) -> None:
    """The age columns are written; not a number where the day of establishment is not known."""
    known = established != UNKNOWN_DAY
    years = completed_years(established[known], day)
    for position, indicator in enumerate(catalogue.indicators):
        if indicator.aggregate is Aggregate.COMPLETED_YEARS:
            column = values[:, position]
            column[~known] = np.nan
            column[known] = years


def sectors(catalogue: Catalogue, entities: Sequence[Entity], view: InEffect, values: Matrix) -> None:
    """The columns of membership in sectors are written: by a licence in effect, or by industry and business scope."""
    by_scope = np.array([entity.sectors for entity in entities], np.int64)
    for position, indicator in enumerate(catalogue.indicators):
        if indicator.aggregate is Aggregate.IN_SECTOR and indicator.sector is not None:
            column = np.bitwise_and(by_scope, SECTORS[indicator.sector]) > 0
            column[view.facts.entity[view.select(indicator.of)]] = True
            values[:, position] = column


@lru_cache(maxsize=4096)
def sectors_of(industry: str) -> int:
    """Bits of the sectors in which an industry is usual."""
    names = sector_names()
    return sum(
        bit
        for sector, bit in SECTORS.items()
        if industry and industry.startswith(tuple(names[sector].industries) or ("-",))
    )


def risky(catalogue: Catalogue, values: Matrix) -> npt.NDArray[np.bool_]:
    """Who counts as risky for those related to it."""
    return np.asarray(np.any(values[:, list(catalogue.risky)] >= 1, axis=1))


def of_identity(catalogue: Catalogue, identities: Mapping[int, Identity], values: Matrix) -> None:
    """The identity columns are written for the rows whose identity is given."""
    if not identities:
        return
    rows = list(identities)
    for position, indicator in enumerate(catalogue.indicators):
        if indicator.aggregate in OF_IDENTITY:
            value = _OF_IDENTITY[indicator.aggregate]
            values[rows, position] = [value(indicator, identity) for identity in identities.values()]
        elif indicator.aggregate is Aggregate.RELATED:
            known = [
                getattr(identity, indicator.codes[1]) not in ("", None) for identity in identities.values()
            ]
            before = np.fmax(values[rows, position], indicator.at_least)
            values[rows, position] = np.where(known, before, np.nan)


def related(
    catalogue: Catalogue, identities: Sequence[Identity], counts: Mapping[str, Sequence[float]]
) -> Mapping[str, Sequence[float]]:
    """Each count of the catalogue for these entities.

    Where they have no relation it is the least it can be; where the particular it hangs on is not known, not a number.
    """
    found: dict[str, Sequence[float]] = {}
    for indicator in catalogue.indicators:
        if indicator.aggregate is Aggregate.RELATED:
            name, particular = indicator.codes
            known = [getattr(identity, particular) not in ("", None) for identity in identities]
            least = np.nan_to_num(np.asarray(counts[name], np.float64), nan=indicator.at_least)
            found[name] = np.where(known, least, np.nan).tolist()
    return found


def uncounted(catalogue: Catalogue, before: Matrix, values: Matrix) -> npt.NDArray[np.bool_]:
    """Who has a relation now that was not known before: nobody has counted it yet."""
    places = list(catalogue.related().values())
    found = np.isnan(before[:, places]) & ~np.isnan(values[:, places])
    return np.asarray(found.any(axis=1))


def statuses(view: InEffect) -> npt.NDArray[np.int16]:
    """State of registration of each entity; unspecified where no registration has come.

    Who moved out of the city, or whose registration was annulled, has left the register as who cancelled it has.
    """
    status = np.zeros(view.facts.size, np.int16)
    for kind, value in _STATUS_OF_TYPE:
        if view.facts.has(kind):
            status[view.facts.entity[view.of_type(kind)]] = value
    if view.facts.has(FactType.REGISTRATION_MOVED):
        status[_moved_out(view)] = EntityStatus.CANCELLED
    return status


def _moved_out(view: InEffect) -> npt.NDArray[np.intp]:
    """Entities whose last move over the city's border led out; of several at once, none did if one led in."""
    rows, table = view.of_type(FactType.REGISTRATION_MOVED), view.facts.table
    crossing = rows[table["flags"][rows] & np.uint16(_OUT | _IN) != 0]
    flags, minutes = table["flags"][crossing], table["minute"][crossing]
    order = crossing[np.lexsort((flags, minutes, view.facts.entity[crossing]))]
    entity = view.facts.entity[order]
    last = order[np.append(entity[1:] != entity[:-1], True)] if len(order) else order
    out: npt.NDArray[np.intp] = view.facts.entity[last[table["flags"][last] & np.uint16(_OUT) != 0]]
    return out


_OUT, _IN = 1, 2
"""Flags of `registration_moved`, in the order of its form; a test holds them against the pack."""
_STATUS_OF_TYPE = (
    (FactType.REGISTRATION_RECORDED, EntityStatus.ACTIVE),
    (FactType.SUSPENSION_DECLARED, EntityStatus.SUSPENDED),
    (FactType.REGISTRATION_REVOKED, EntityStatus.REVOKED),
    (FactType.REGISTRATION_CANCELLED, EntityStatus.CANCELLED),
    (FactType.REGISTRATION_ANNULLED, EntityStatus.CANCELLED),
)


def differ(before: Matrix, after: Matrix) -> npt.NDArray[np.bool_]:
    """Rows with any other value; not a number equals not a number."""
    changed: npt.NDArray[np.bool_] = (before.view(np.uint32) != after.view(np.uint32)).any(axis=1)
    return changed


def _capital_wan(_indicator: Indicator, identity: Identity) -> float:
    return np.nan if identity.capital_fen is None else identity.capital_fen / _FEN_PER_WAN


def _is_family(identity: Identity, family: Family) -> float:
    known = entity_types().get(identity.entity_type)
    return np.nan if known is None else float(known.family is family)


def _is_type(indicator: Indicator, identity: Identity) -> float:
    return float(identity.entity_type in indicator.codes) if identity.entity_type else np.nan


def _is_industry(indicator: Indicator, identity: Identity) -> float:
    return float(identity.best_industry.startswith(indicator.codes)) if identity.best_industry else np.nan


def _is_known(indicator: Indicator, identity: Identity) -> float:
    return float(getattr(identity, indicator.codes[0]) not in ("", None, ()))


_OF_IDENTITY: Mapping[Aggregate, Callable[[Indicator, Identity], float]] = {
    Aggregate.CAPITAL_WAN: _capital_wan,
    Aggregate.IS_BRANCH: lambda _, identity: _is_family(identity, Family.BRANCH),
    Aggregate.IS_INDIVIDUAL: lambda _, identity: _is_family(identity, Family.INDIVIDUAL_BUSINESS),
    Aggregate.IS_TYPE: _is_type,
    Aggregate.IS_INDUSTRY: _is_industry,
    Aggregate.IS_KNOWN: _is_known,
}
