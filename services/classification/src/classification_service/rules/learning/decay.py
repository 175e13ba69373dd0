"""Sums that fade with time."""


class Fading:
    """A sum and its weight, each halved every `half_life` days."""

    __slots__ = ("_day", "_half_life", "_sum", "_weight")

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life
        self._day = 0
        self._sum = self._weight = 0.0

    def add(self, day: int, value: float) -> None:
        """Count a value of this day, which is no earlier than the one before."""
        self._sum, self._weight = self.at(day)
        self._day = day
        self._sum += value
        self._weight += 1.0

    def at(self, day: int) -> tuple[float, float]:
        """Sum and weight as they are left on this day."""
        left = fading(day - self._day, self._half_life)
        return self._sum * left, self._weight * left

    def mean(self, day: int, prior: float, prior_weight: float) -> float:
        """Mean on this day, drawn towards `prior` as if so many values of it had been seen."""
        total, weight = self.at(day)
        return (total + prior * prior_weight) / (weight + prior_weight)


def fading(days: int, half_life: float) -> float:
    """What is left of 1 after so many days."""
    return float(0.5 ** (days / half_life))
