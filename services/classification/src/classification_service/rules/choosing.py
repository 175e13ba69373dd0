"""Which model judges: the newest one in force on the business day of what is judged."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.scoring import Scorer

_EPOCH = date(1970, 1, 1)


class Scorers:
    """The scorers of all versions of the general model.

    A new version judges an entity when its next indicators come; until then its state names the version before.
    """

    def __init__(self, models: Sequence[RiskModel], catalogue: Catalogue) -> None:
        general = [model for model in models if model.code == "general"]
        ordered = sorted(general, key=lambda model: (model.valid_from, model.version))
        self._from_days = [(model.valid_from - _EPOCH).days for model in ordered]
        self._scorers = [Scorer(model, catalogue) for model in ordered]

    def on(self, business_day: int) -> Scorer:
        """The scorer of this day, days since 1970-01-01; before the first version's day, that of the first."""
        return self._scorers[max(0, bisect_right(self._from_days, business_day) - 1)]
