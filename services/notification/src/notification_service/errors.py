"""What can go wrong in notification.

NotificationError
├── TemplateFault        a template or word list in `packs/` is not usable; the service does not start
├── UnknownPlatform      no such platform
├── PlatformExists       a platform with this code is subscribed already
├── UnsafeAddress        a webhook address that must not be called
├── UnknownClue          no such clue, or it is another platform's
├── ClueAlreadyAnswered  the platform has given another final answer before
├── ClueWithdrawn        the clue was withdrawn: nothing is to be answered or sent
├── UnknownNotice        no such notice
├── NoticeNotFailed      only a notice that failed or was withheld can be sent again
└── NothingToRedeliver   the platform takes no webhooks, so there is nothing to send again
"""


class NotificationError(Exception):
    """Root of this service's errors."""


class TemplateFault(NotificationError):
    """Raised when a pack cannot be used; names the file's code and what is wrong."""


class UnknownPlatform(NotificationError):
    """Raised when no platform has this code."""


class PlatformExists(NotificationError):
    """Raised when a platform with this code is subscribed already."""


class UnsafeAddress(NotificationError):
    """Raised when a webhook address is not http(s), or leads into a network that is not public."""


class UnknownClue(NotificationError):
    """Raised when there is no such clue for this platform."""


class ClueAlreadyAnswered(NotificationError):
    """Raised when a final answer was given before and this one says another thing; data is that answer's action."""

    def __init__(self, action: str) -> None:
        super().__init__(f"answered before: {action}")
        self.action = action


class ClueWithdrawn(NotificationError):
    """Raised when a clue was withdrawn because what caused it is over."""


class UnknownNotice(NotificationError):
    """Raised when there is no such notice."""


class NoticeNotFailed(NotificationError):
    """Raised when a notice that is planned or delivered is asked to be sent again."""


class NothingToRedeliver(NotificationError):
    """Raised when a clue has no webhook delivery that could be made again."""
