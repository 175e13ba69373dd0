"""Some of many entities, for a model that does not judge all of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classification_service.model.judgement import Integers, Vector
from classification_service.rules.scoring import Rows, Sparse, Values


@dataclass(frozen=True)
class Taken:
    """Some of the entities of others' values: those at these rows, in rising order."""

    values: Values
    rows: Rows

    @property
    def size(self) -> int:
        """See `Values`."""
        return len(self.rows)

    def column(self, position: int) -> Vector | Sparse:
        """See `Values`."""
        column = self.values.column(position)
        if not isinstance(column, Sparse):
            return column[self.rows]
        place = self._places.take(column.rows)
        here = np.flatnonzero(place >= 0)
        return Sparse(place.take(here), column.values.take(here))

    @cached_property
    def _places(self) -> Integers:
        places = np.full(self.values.size, -1, np.int32)
        places[self.rows] = np.arange(len(self.rows))
        return places
