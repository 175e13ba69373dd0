"""The bound that nearly all of a group do not exceed."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from profiling_service.model.signals import RuleKind, SignalFamily

Values = npt.NDArray[np.float32]


def bound(values: Values, zeros: int, alpha: float) -> float | None:
    """What a member of the group exceeds with a chance of at most alpha, whatever their distribution.

    It is the k-th smallest of n, k = ⌈(1 − alpha) n⌉: of n that are alike each is equally likely to be the
    greatest, the second and so on, and only n − k can be above. For who is above it is the k-th of the others as well,
    so that nobody is held against itself. None where n is too small for anybody to be above.

    Args:
        values: Those that are not zero; not a number is not known, and not counted.
        zeros: Number of those that are zero.
        alpha: The false-alarm rate, per entity and look.
    """
    known = np.sort(values[~np.isnan(values)])
    count = len(known) + zeros
    place = count - math.floor(alpha * count)
    if place >= count:
        return None
    below = int(np.searchsorted(known, 0.0))
    at = place - 1
    if at < below:
        return float(known[at])
    return 0.0 if at < below + zeros else float(known[at - zeros])


def comparing(families: Sequence[SignalFamily]) -> list[SignalFamily]:
    """The families that compare with peers."""
    return [family for family in families if family.rule.kind is RuleKind.ABOVE_PEERS]
