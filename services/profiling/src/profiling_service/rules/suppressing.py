"""What is not to be told for a time, and the bounds of peers: what signals need besides facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vocabulary.areas import covers

from profiling_service.model.signals import Suppression

PeerBounds = Mapping[tuple[str, str, str], float]
"""By family, letter of the industry, and area: what nearly all of that group do not exceed."""


class Sensing:
    """Suppressions and bounds in force, in memory.

    Args:
        suppressions: Those not ended; one of an area covers what the area covers.
        bounds: See `PeerBounds`.
    """

    def __init__(self, suppressions: Iterable[Suppression] = (), bounds: PeerBounds | None = None) -> None:
        self.bounds: PeerBounds = bounds or {}
        self._of_entity: dict[tuple[str, str], int] = {}
        self._of_area: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for said in suppressions:
            key = (said.family, said.uscc)
            if said.uscc:
                self._of_entity[key] = max(said.until_day, self._of_entity.get(key, said.until_day))
            else:
                self._of_area[said.family].append((said.area_code, said.until_day))

    @property
    def suppresses(self) -> bool:
        """Whether anything is suppressed at all."""
        return bool(self._of_entity or self._of_area)

    def is_suppressed(self, family: str, uscc: str, area_code: str, day: int) -> bool:
        """Whether a signal of this family about this entity, in its area, is not to be told on `day`."""
        if self._of_entity.get((family, uscc), day - 1) >= day:
            return True
        scopes = self._of_area.get(family, ())
        return any(until >= day and covers(scope, area_code) for scope, until in scopes)


NOTHING_KNOWN = Sensing()
