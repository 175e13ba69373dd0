"""What can go wrong with the local stack.

LocalStackError
├── PrerequisiteMissing   a program the machine must have is not there
├── WrongName             a stack's name that cannot be one
├── StartFailed           a process died, or did not become healthy in time
├── UnknownProcess        the stack has no process of that name
└── NotRunning            an address was asked of a stack that was never started
"""


class LocalStackError(Exception):
    """Any failure of the local stack; its first line alone tells the reader what to do."""


class PrerequisiteMissing(LocalStackError):
    """Raised when a program is missing or too old; the message is one line that says what to install."""


class WrongName(LocalStackError):
    """Raised when a stack's name cannot be one: it is also the name of a folder that `destroy` deletes."""


class StartFailed(LocalStackError):
    """Raised when a process did not become healthy; one headline, then the end of its log."""


class UnknownProcess(LocalStackError):
    """Raised when the stack has no process of the name given."""


class NotRunning(LocalStackError):
    """Raised when an address is asked of a server that was never started."""
