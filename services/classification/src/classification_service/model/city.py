"""The city in chunks: entities as they stand, in arrays, and what a run over them comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classification_service.model.judgement import Integers, Vector, Verdicts

Usccs = npt.NDArray[np.bytes_]
Booleans = npt.NDArray[np.bool_]
NO_DAY_KNOWN = -(2**31)
"""Stands for a day of establishment that is not known."""


class Label(NamedTuple):
    """What many entities have in common."""

    override_code: str
    area_code: str
    industry: str
    entity_type: str
    status: str
    model_id: str
    set_code: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Entities as they stand, one per place, in order of USCC.

    Attributes:
        label: index into `labels`.
        business_day, established_on: days since 1970-01-01; `NO_DAY_KNOWN` for an unknown one.
        recorded_at_us: microseconds since 2000-01-01 UTC, as PostgreSQL has it.
        catalogue_version: whose indicators the values are.
        counts: how many values of each are not zero; -1 where the values are not kept.
        packed: those values, one entity after the other, as `vocabulary.sparse_values`.
        places: where the store keeps each; only the store reads it.
    """

    usccs: Usccs
    profile_version: Integers
    score: Vector
    risk_class: Integers
    flags: Integers
    decision_number: Integers
    change_number: Integers
    sectors: Integers
    business_day: Integers
    established_on: Integers
    recorded_at_us: Integers
    catalogue_version: Integers
    label: Integers
    labels: Sequence[Label]
    counts: Integers
    packed: bytes
    places: npt.NDArray[Any]

    def of_label(self, field: str) -> list[str]:
        """One field of every label, in the order of `labels`."""
        return [getattr(label, field) for label in self.labels]


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """What a chunk comes to when it is judged anew.

    Attributes:
        verdicts: one per entity, also of those that were left as they are.
        score, risk_class, flags, sectors, decision_number, change_number: as they are from now on.
        override: index into `overrides`; `model` into `models`.
        judged: who was judged; the others were left as they are.
        of_day: the business day for which class and score hold, days since 1970-01-01.
        moved: whose state is otherwise than before, `decided`: who has a new decision, `announced`: of whom the others
            must know.
    """

    business_day: int
    decided_at_ms: int
    set_code: str
    catalogue_version: int
    verdicts: Verdicts
    score: Vector
    risk_class: Integers
    flags: Integers
    sectors: Integers
    decision_number: Integers
    change_number: Integers
    override: Integers
    overrides: Sequence[str]
    model: Integers
    models: Sequence[str]
    judged: Booleans
    of_day: Integers
    moved: Booleans
    decided: Booleans
    announced: Booleans


class Tally(NamedTuple):
    """Counts of a chunk, or of all.

    Attributes:
        entities: judged or not.
        left: of these, those left as they are.
        counts: entities by class, A to D.
    """

    entities: int = 0
    left: int = 0
    moved: int = 0
    decided: int = 0
    announced: int = 0
    counts: tuple[int, ...] = (0, 0, 0, 0)


class Stretch(NamedTuple):
    """A stretch of the city by USCC: above `after`, up to `up_to`."""

    number: int
    after: str
    up_to: str


@dataclass(frozen=True, slots=True)
class MonthlyRun:
    """A monthly run (月度全量分类), begun or ended.

    Attributes:
        set_code: the models that judge all of it.
        ended_at: None while it is at work or was cut short.
        left: stretches still to do.
        tally: of what is done.
    """

    id: int
    business_day: date
    begun_at: datetime
    ended_at: datetime | None
    snapshot_id: int
    set_code: str
    left: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The city as it was, in files that never change.

    Attributes:
        kind: `working` or `monthly`.
        counts: entities by class.
        sha256: of the manifest, which holds those of the files; empty while it is being made.
        path: folder, below the folder of snapshots.
    """

    id: int
    kind: str
    business_day: date
    made_at: datetime
    models: Sequence[str]
    entities: int
    counts: Mapping[str, int]
    sha256: str
    path: str
    is_complete: bool


class MonthlyClass(NamedTuple):
    """The class an entity had in a month, as its run left it."""

    business_day: date
    risk_class: str
    score: float
    flags: int
    sectors: int
    decision_number: int
    was_decided: bool
    was_judged: bool
