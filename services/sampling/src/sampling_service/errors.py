"""What can go wrong, as data.

SamplingError
├── InvalidPack          a plan or item pack contradicts itself or the law's floor
├── UnknownPlan          no plan has this id
├── UnknownItem          no inspection item has this code, or not on that day
├── UnknownDraw          no draw has this id
├── PlanNotInForce       the day is not one of the plan's year
├── DayOutOfReach        a draw is of today or yesterday
├── SeedIsKnown          the seed rule names an event that may already have happened
├── SeedNotKnown         the event of the seed rule has not happened yet
├── UnfitSeed            the seed is not of the format committed to
├── DrawIsOpen           another draw over the same area is committed and not yet revealed
├── DrawIsSettled        the draw was revealed or abandoned before
├── NobodyToDraw         exclusions leave nobody
└── BrokenCommitment     the stored population is not the one committed to
"""

from datetime import date


class SamplingError(Exception):
    """Root of everything this service raises."""


class InvalidPack(SamplingError):
    """Raised when a pack cannot be used; `reason` says why."""

    def __init__(self, pack: str, reason: str) -> None:
        super().__init__(f"{pack}: {reason}")
        self.pack = pack
        self.reason = reason


class UnknownPlan(SamplingError):
    """Raised when there is no plan `plan_id`."""

    def __init__(self, plan_id: str) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


class UnknownItem(SamplingError):
    """Raised when `code` is no inspection item in force that day: what is not on the list may not be inspected."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownDraw(SamplingError):
    """Raised when there is no draw `draw_id`."""

    def __init__(self, draw_id: str) -> None:
        super().__init__(draw_id)
        self.draw_id = draw_id


class PlanNotInForce(SamplingError):
    """Raised when plan `plan_id` is not the one to draw by; that is `in_force`."""

    def __init__(self, plan_id: str, in_force: str) -> None:
        super().__init__(f"{plan_id}: {in_force} is in force")
        self.plan_id = plan_id
        self.in_force = in_force


class DayOutOfReach(SamplingError):
    """Raised when a draw is ordered for a day other than `today` and the day before."""

    def __init__(self, today: date) -> None:
        super().__init__(f"today is {today}")
        self.today = today


class SeedIsKnown(SamplingError):
    """Raised at the commitment when the seed may be known from `known_from` on, which is not in the future."""

    def __init__(self, known_from: str) -> None:
        super().__init__(known_from)
        self.known_from = known_from


class SeedNotKnown(SamplingError):
    """Raised at the reveal when nobody can know the seed before `known_from`."""

    def __init__(self, known_from: str) -> None:
        super().__init__(known_from)
        self.known_from = known_from


class UnfitSeed(SamplingError):
    """Raised at the reveal when the seed is not of `seed_format`, the one committed to."""

    def __init__(self, seed_format: str) -> None:
        super().__init__(seed_format)
        self.seed_format = seed_format


class DrawIsOpen(SamplingError):
    """Raised when draw `draw_id` over the same area waits for its seed."""

    def __init__(self, draw_id: str) -> None:
        super().__init__(draw_id)
        self.draw_id = draw_id


class DrawIsSettled(SamplingError):
    """Raised when draw `draw_id` is already `state`; a re-draw is a new number."""

    def __init__(self, draw_id: str, state: str) -> None:
        super().__init__(f"{draw_id} is {state}")
        self.draw_id = draw_id
        self.state = state


class NobodyToDraw(SamplingError):
    """Raised when nobody is left to draw; `excluded` counts why."""

    def __init__(self, excluded: dict[str, int]) -> None:
        super().__init__(str(excluded))
        self.excluded = excluded


class BrokenCommitment(SamplingError):
    """Raised when what is stored of draw `draw_id` no longer has the digest that was published."""

    def __init__(self, draw_id: str) -> None:
        super().__init__(draw_id)
        self.draw_id = draw_id
