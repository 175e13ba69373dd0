"""What the routes share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from httpapi.access import AreaRule, allow
from httpapi.identity import STAFF, Caller
from vocabulary.calendar import business_date

from classification_service.http_api.desk import Desk
from classification_service.model.mending import Mend
from classification_service.model.risk_model import Catalogue, Flag
from classification_service.ports import Alarms, Classes, Models, Reviews, Sectors
from classification_service.ports.mix import Mixes
from classification_service.use_cases.review_run import live_model

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
    alarms: Alarms
    sectors: Sectors
    mixes: Mixes
    clock: Callable[[], datetime]
    desk: Desk
    mends: Sequence[Mend] = ()

    def today(self) -> date:
        """The business day it is."""
        return business_date(self.clock())

    async def live_model(self) -> str:
        """The model that judged most entities; empty when nobody was judged."""
        return await live_model(self.classes)


def flag_names(flags: int) -> list[str]:
    """The names of the flags set, such as `observed`."""
    return [flag.name.lower() for flag in Flag if flag & flags and flag.name]
