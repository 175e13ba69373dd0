"""What can be wrong, as data; the edge makes problems of it.

ConsoleError
├── AccountExists      the username is taken
├── UnknownAccount     there is no such account
├── WrongAccount       the account names what its role cannot have, or lacks what it needs
├── WeakPassword       the password is shorter than we take
├── LoginRefused       the name or the password is wrong, or the account is disabled
├── LoginThrottled     too many failures; says when to come back
├── LogFull            nobody can be logged at the moment, so nobody may read
├── SignInRefused      the issuer's answer is not one we asked for
└── IssuerSilent       the issuer does not answer
"""


class ConsoleError(Exception):
    """The root of this service's errors."""


class AccountExists(ConsoleError):
    """Raised when the username is taken, or another account acts under the subject."""


class UnknownAccount(ConsoleError):
    """Raised when there is no account of this name."""


class WrongAccount(ConsoleError):
    """Raised when an account lacks what its role needs.

    Attributes:
        problem: what is wrong, for people.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class WeakPassword(ConsoleError):
    """Raised when a password is not one we take.

    Attributes:
        expected: what would be right.
    """

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class LoginRefused(ConsoleError):
    """Raised when name and password open no account; never says which of them is wrong."""


class LoginThrottled(ConsoleError):
    """Raised when there were too many failures.

    Attributes:
        retry_after_s: whole seconds until an attempt is looked at again.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class LogFull(ConsoleError):
    """Raised when the access log cannot take an entry."""


class SignInRefused(ConsoleError):
    """Raised when what came back from the issuer does not belong to a login begun here.

    Attributes:
        problem: what is wrong, for people.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class IssuerSilent(ConsoleError):
    """Raised when the issuer cannot be reached or answers with a fault of its own."""
