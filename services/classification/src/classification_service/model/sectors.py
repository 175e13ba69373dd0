"""The sectors (行业) that have indicators of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classification_service.model.intervention import Intervention
from classification_service.model.judgement import Integers, Matrix, Vector


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector; who is a member is told by the indicator `<code>.member`.

    Attributes:
        place: from 0; what is stored about sectors lies at it, so that it never changes.
    """

    place: int
    code: str
    zh: str
    en: str

    @property
    def member(self) -> str:
        """Code of the indicator that is 1 for members."""
        return f"{self.code}.member"


SECTORS = (
    Sector(0, "food_production", "食品生产", "Food production"),
    Sector(1, "drug_distribution", "药品流通", "Drug distribution and retail"),
    Sector(2, "medical_devices", "医疗器械", "Medical devices"),
    Sector(3, "special_equipment", "特种设备", "Special equipment"),
    Sector(4, "elevator_maintenance", "电梯维保", "Elevator maintenance"),
    Sector(5, "key_industrial_products", "重点工业产品", "Key industrial products"),
    Sector(6, "advertising", "广告", "Advertising"),
    Sector(7, "price", "价格", "Price"),
)
"""In the order of their places."""
_REPORTED = (
    "food_production",
    "drug_distribution",
    "medical_devices",
    "special_equipment",
    "key_industrial_products",
)
REPORTED_SECTORS = tuple(sector for sector in SECTORS if sector.code in _REPORTED)
"""Those whose statistics the bureau publishes inside: 食品生产, 药品流通, 医疗器械, 特种设备, 重点工业产品."""


def bit_of(code: str) -> int:
    """The bit of a sector in a mask of sectors.

    Raises:
        KeyError: There is no such sector.
    """
    return {sector.code: 1 << sector.place for sector in SECTORS}[code]


def sectors_in(mask: int) -> tuple[str, ...]:
    """The codes of the sectors in a mask."""
    return tuple(sector.code for sector in SECTORS if mask >> sector.place & 1)


@dataclass(frozen=True, slots=True)
class SectorCount:
    """How many members of the same sectors have this class.

    Attributes:
        group: area code, or empty.
        sectors: their class in each sector, see `judgement.Verdicts`.
        override_code: what decided in place of the score, or empty.
    """

    group: str
    sectors: int
    risk_class: str
    override_code: str
    entities: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Members of class C or D, as a whole or in a sector, whom the same models judged; one place each.

    Attributes:
        models: code of the set that judged them, or id of the one model where no set is named.
        values: by the catalogue, NaN when unknown.
        days: business day of the newest judgement, days since 1970-01-01.
        age_days: on that day, NaN when unknown.
        interventions: what people decided, by place.
    """

    models: str
    values: Matrix
    days: Integers
    age_days: Vector
    interventions: Mapping[int, Sequence[Intervention]]


class Matters(NamedTuple):
    """What gives points and what decides, most first.

    Attributes:
        items: indicator, entities to whom it gives points, and all points it gives them.
        overrides: code of what decided in place of the score, and entities.
    """

    items: tuple[tuple[str, int, int], ...]
    overrides: tuple[tuple[str, int], ...]


class SectorMatters(NamedTuple):
    """Of members of general class C or D by the model of the whole, of those of class C or D in the sector by its own.

    What decides the general class is counted with the classes, and not here.
    """

    general: Matters
    own: Matters
