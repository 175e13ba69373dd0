"""Which passwords are taken."""

from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 200


def expected_of(password: str, username: str) -> str | None:
    """What would be right, when this password is not; None when it is.

    Source: NIST SP 800-63B section 3.1.1.2: length counts, rules of composition do not.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"{SHORTEST} to {LONGEST} characters"
    if username.lower() in password.lower() or len(set(password)) < 5:
        return "without the username, and of at least 5 different characters"
    return None
