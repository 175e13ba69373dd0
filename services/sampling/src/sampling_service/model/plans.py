"""Plans and inspection items as the packs state them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """An inspection item (抽查事项): nothing that is not listed may be inspected.

    Attributes:
        kind: `key` (重点检查事项) or `general` (一般检查事项).
        on_site: needs a visit; then entities in suspension (歇业) are left out.
        specialty: what at least one inspector must be qualified in; empty when any will do.
    """

    code: str
    zh: str
    en: str
    kind: str
    on_site: bool
    specialty: str
    valid_from: date
    valid_until: date | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan of random inspections (抽查工作计划).

    Attributes:
        uniform_ratio: share of everyone in the uniform lot, at least 0.03.
        ratios: share drawn of each stratum, in (0, 1].
        observation_as: stratum whose ratio an entity in its observation year has, where its score alone says more.
        annual_visit_cap: most visits to one entity in the year.
        sha256: digest of the whole pack, lower-case hex.
        document: the pack as written, citations included.
    """

    id: str
    year: int
    zh: str
    en: str
    uniform_ratio: Decimal
    ratios: Mapping[str, Decimal]
    observation_as: str
    annual_visit_cap: int
    inspectors_per_visit: int
    due_days: int
    sha256: str
    document: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Packs:
    """Everything dated and cited that this service decides by."""

    plans: Mapping[str, Plan]
    items: Mapping[str, Item]
    neighbours: Mapping[str, tuple[str, ...]]
