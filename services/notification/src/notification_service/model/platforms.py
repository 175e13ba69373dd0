"""Platform companies that subscribed to clues (平台企业)."""

from dataclasses import dataclass
from enum import StrEnum


class PlatformState(StrEnum):
    """Whether webhooks are sent: `disabled` once the platform answered 410; pulling stays open."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys that sign, as `whsec_…`; after a rotation the former one signs too, until the next."""

    current: str
    former: str | None = None

    def __repr__(self) -> str:
        """Never shows a secret."""
        return "Secrets(…)"


@dataclass(frozen=True, slots=True)
class Platform:
    """One subscription.

    Attributes:
        code: short stable name, as tokens of the platform carry it.
        name: the company's or site's name, as registrations mention it.
        url: where webhooks go; None when the platform only pulls.
        state: whether webhooks are sent.
    """

    code: str
    name: str
    url: str | None
    state: PlatformState = PlatformState.ACTIVE
