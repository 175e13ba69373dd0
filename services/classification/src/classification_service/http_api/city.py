"""What the routes about the whole city share."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from httpapi.access import AreaRule, allow
from httpapi.identity import STAFF, Caller, Role

from classification_service.http_api.desk import Desk
from classification_service.model.city import MonthlyRun
from classification_service.model.risk_model import Catalogue
from classification_service.model.what_if import Ratio
from classification_service.ports import Classes, Models
from classification_service.ports.city import Runs, Snapshots, WhatIfs

Manager = Annotated[
    Caller,
    allow(
        Role.MODEL_MANAGER,
        Role.CITY_ADMINISTRATOR,
        area=AreaRule.CITY_ONLY,
        purpose="try a model, and judge the city as a whole",
    ),
]
AnyArea = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="see classes of the past")]


@dataclass(frozen=True, slots=True)
class CityEdge:
    """What the routes are given.

    Attributes:
        begin: begins to judge the city for a business day, which goes on in the background.
        ratios: sets of shares that a plan inspects; the first is the usual one.
        desk: where drafts are, and answers by idempotency key.
        one_at_a_time: what goes through the whole city, and holds connections meanwhile, waits for its like.
    """

    classes: Classes
    models: Models
    catalogue: Catalogue
    snapshots: Snapshots
    runs: Runs
    what_ifs: WhatIfs
    begin: Callable[[date], Awaitable[MonthlyRun]]
    ratios: Mapping[str, Mapping[str, Ratio]]
    desk: Desk
    one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
