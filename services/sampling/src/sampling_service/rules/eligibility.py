"""Why entities are left out before the commitment, the first that holds; the store judges the whole pool at once."""

from typing import Final

NOT_DESCRIBED: Final = "not_described"
"""Nothing is known of it yet."""
CANCELLED: Final = "cancelled"
"""注销."""
REVOKED: Final = "revoked"
"""Its licence was revoked 吊销."""
SUSPENDED: Final = "suspended"
"""In suspension 歇业, and the draw is on site."""
DRAWN_THIS_YEAR: Final = "drawn_this_year"
"""Drawn for one of the same items in the draw's year."""
VISIT_CAP: Final = "visit_cap"
"""At its cap of visits in the draw's year."""
