"""What the routes share."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from httpapi.access import AreaRule, allow
from httpapi.identity import STAFF, Caller

from classification_service.model.risk_model import Catalogue, Flag
from classification_service.ports import Classes, Models, Reviews

OneEntity = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="understand an entity's class")]
ManyEntities = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="plan supervision")]
AnyStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.NOT_APPLICABLE, purpose="understand the model")]
Uscc = Annotated[
    str, Path(pattern=r"^[0-9A-Z]{18}$", description="unified social credit code 统一社会信用代码")
]


@dataclass(frozen=True, slots=True)
class Edge:
    """What the routes are given."""

    classes: Classes
    reviews: Reviews
    models: Models
    catalogue: Catalogue


def flag_names(flags: int) -> list[str]:
    """The names of the flags set, such as `observed`."""
    return [flag.name.lower() for flag in Flag if flag & flags and flag.name]
