"""One row of the registry, read with all the vocabulary knows."""

from dataclasses import dataclass
from datetime import date

from vocabulary.addresses import Place, read_address
from vocabulary.areas import area_of_address
from vocabulary.entity_types import EntityType, Family, is_branch_name, type_of_text
from vocabulary.money import Capital, parse_capital
from vocabulary.scope import Inference, SupervisedSector, infer_industry, sectors

from creditloop_cli.loading.registry import Row


@dataclass(frozen=True, slots=True)
class Firm:
    """A registration: its texts as found, and what they mean where that can be told."""

    row: Row
    code: str
    name: str
    founded: date | None
    type: EntityType | None
    capital: Capital | None
    area: str | None
    place: Place
    industry: Inference | None
    sectors: frozenset[SupervisedSector]

    @property
    def person(self) -> str:
        """The pseudonym of the legal person (法定代表人), empty where there is none."""
        return self.row["法人代表编号"]

    @property
    def is_branch(self) -> bool:
        """Whether type or name say that it is a branch."""
        return is_branch_name(self.name) or (self.type is not None and self.type.family is Family.BRANCH)


def read_firm(row: Row) -> Firm:
    """The row with its meanings."""
    name, scope, address = row["企业名称"], row["经营范围"], row["注册地址"]
    return Firm(
        row=row,
        code=row.fields[1] if len(row.fields) > 1 else "",
        name=name,
        founded=_day(row["注册日期"]),
        type=type_of_text(row["企业类型"]) if row["企业类型"] else None,
        capital=parse_capital(row["注册资金"]) if row["注册资金"] else None,
        area=area_of_address(address),
        place=read_address(address),
        industry=infer_industry(scope, name),
        sectors=sectors(scope, name),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
