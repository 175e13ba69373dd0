"""Outcomes side by side, as the figures of a review need them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[Any]

CLASSES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place per visit in each array.

    Attributes:
        risk_class: letter before the visit, empty when unclassified.
        score: 0 to 1000 before the visit, NaN when unknown.
        probability: of having been drawn; NaN when reported by another department.
        uniform: drawn in the control group.
        valid: counts in the denominator.
        problem: a problem was found, and it counts.
        pending: the problem was left to be dealt with (发现问题待后续处理).
        labels: of each grouping such as `area`, the group of each visit, empty when unknown.
    """

    risk_class: Texts
    score: Floats
    probability: Floats
    uniform: Booleans
    valid: Booleans
    problem: Booleans
    pending: Booleans
    labels: Mapping[str, Texts]

    def __len__(self) -> int:
        return len(self.risk_class)

    def where(self, chosen: Booleans) -> "Evidence":
        """Those visits alone."""
        arrays = {
            field.name: getattr(self, field.name)[chosen] for field in fields(self) if field.name != "labels"
        }
        return replace(self, **arrays, labels={name: values[chosen] for name, values in self.labels.items()})

    @property
    def drawn(self) -> "Evidence":
        """Those that were drawn, so that their odds are known."""
        return self.where(~np.isnan(self.probability))

    @property
    def reported(self) -> "Evidence":
        """Those of other departments."""
        return self.where(np.isnan(self.probability))

    @property
    def control(self) -> "Evidence":
        """The valid ones of the control group, which every entity had the same chance to be in."""
        return self.where(self.uniform & self.valid)

    @property
    def worse(self) -> Booleans:
        """Whether the class was C or D."""
        found: Booleans = np.isin(self.risk_class, ("C", "D"))
        return found
