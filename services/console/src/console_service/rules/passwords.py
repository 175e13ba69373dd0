"""Which passwords are taken."""

from itertools import pairwise
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 200

_COMMON: Final = frozenset(
    {
        "123456789abc", "1234567890ab", "1234567890abc", "1234567890qwe", "1234qwerasdf", "123qweasdzxc",
        "1q2w3e4r5t6y", "1qaz2wsx3edc", "1qaz@wsx3edc", "1qazxsw23edc", "abc123456789", "abcd12345678",
        "admin1234567", "admin12345678", "admin123456789", "administrator", "administrator1", "asdfghjkl123",
        "changeme1234", "iloveyou1234", "letmein12345", "password1234", "password12345", "password123456",
        "passw0rd1234", "p@ssw0rd1234", "p@ssword1234", "qazwsxedcrfv", "qwer1234asdf", "qwerty123456",
        "qwerty12345678", "qwertyuiop123", "qwertyuiopas", "qwertyuiopasdf", "qwertyuiop[]", "welcome12345",
        "woaini1314520", "woaini5201314", "xinyong12345", "creditloop123", "zxcvbnm12345", "zaq12wsxcde3",
    }
)  # fmt: skip
"""Those of the lists of leaked passwords, English and Chinese, that are long enough; project-chosen."""


def expected_of(password: str, username: str) -> str | None:
    """What would be right, when this password is not; None when it is.

    Source: NIST SP 800-63B section 5.1.1.2: length counts, rules of composition do not; refused are passwords that
    repeat, go on by one, are commonly used, or have the name in them.
    """
    told = password.lower()
    if not SHORTEST <= len(password) <= LONGEST:
        return f"{SHORTEST} to {LONGEST} characters"
    if username.lower() in told or len(set(password)) < 5:
        return "without the username, and of at least 5 different characters"
    if told in _COMMON or _goes_on_by_one(told):
        return "none that many people use, and no sequence"
    return None


def _goes_on_by_one(told: str) -> bool:
    """Whether each character follows the one before, as in `abcdefghijkl`; after 9 comes 0."""
    steps = {ord(after) - ord(before) for before, after in pairwise(told)}
    return steps <= {1, -9} or steps <= {-1, 9}
