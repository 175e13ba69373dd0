"""What can go wrong with a command; each message is one line that says what to do.

CommandError        exit 1
├── WrongUse        exit 2: options or files that cannot be meant
├── NotUp           exit 3: the stack, or one service of it, does not run
├── Refused         exit 1: a service answered with a problem
└── TooSlow         exit 1: something did not happen within the time allowed
"""


class CommandError(Exception):
    """Any failure of a command that its user is told of in one line."""

    exit_code = 1


class WrongUse(CommandError):
    """Raised when what was asked cannot be meant."""

    exit_code = 2


class NotUp(CommandError):
    """Raised when the stack, or one of its services, does not run."""

    exit_code = 3


class Refused(CommandError):
    """Raised when a service answers with a problem; `status` is its HTTP status, 0 where that was not the trouble."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class TooSlow(CommandError):
    """Raised when something did not happen within the time allowed."""
