"""Pure decisions.

- `law`: the rule sets as data, validated; which one governs a day.
- `publicity`: the tier of a penalty and the ruling on a record: published, apply from, stops on.
- `stopping`: what a batch of facts opens and stops, whatever the order they arrive in.
- `guidance`: what an enterprise reads about its own record.
"""

from repair_service.rules.guidance import Advice, Phrases, advice
from repair_service.rules.law import Law, Regime, law_of
from repair_service.rules.publicity import individual_business, ruling, tier_of
from repair_service.rules.stopping import Changes, concerned, earlier, settle

__all__ = [
    "Advice",
    "Changes",
    "Law",
    "Phrases",
    "Regime",
    "advice",
    "concerned",
    "earlier",
    "individual_business",
    "law_of",
    "ruling",
    "settle",
    "tier_of",
]
