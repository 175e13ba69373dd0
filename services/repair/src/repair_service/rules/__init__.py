"""Pure decisions.

- `law`: the rule sets as data, validated; which one governs a day.
- `publicity`: the tier of a penalty and the ruling on a record: published, apply from, stops on.
- `stopping`: what a batch of facts opens and stops, whatever the order they arrive in.
- `applying`: conditions of repair, deadlines in working days, what fraud costs.
- `guidance`: what an enterprise reads about its own record.
"""

from repair_service.rules.applying import (
    Barred,
    Deadlines,
    after_fraud,
    deadlines,
    unmet_conditions,
)
from repair_service.rules.guidance import Advice, Phrases, advice, parse_phrases
from repair_service.rules.law import Law, Regime, parse_law
from repair_service.rules.publicity import individual_business, ruling, tier_of
from repair_service.rules.stopping import Changes, earlier, settle

__all__ = [
    "Advice",
    "Barred",
    "Changes",
    "Deadlines",
    "Law",
    "Phrases",
    "Regime",
    "advice",
    "after_fraud",
    "deadlines",
    "earlier",
    "individual_business",
    "parse_law",
    "parse_phrases",
    "ruling",
    "settle",
    "tier_of",
    "unmet_conditions",
]
