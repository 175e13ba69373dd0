"""What can go wrong when a code is looked up or combined.

VocabularyError
├── UnknownCodeError           a code is in none of our tables
├── InvalidCombinationError    codes that exclude each other were given together, or none at all
├── InvalidTableError          a pack under ``packs/`` does not say what it must
└── UnreadableValuesError      bytes are not the values of so many indicators
"""


class VocabularyError(ValueError):
    """Root of everything this library raises."""


class UnknownCodeError(VocabularyError):
    """Raised when ``code`` does not occur in ``table``."""

    def __init__(self, table: str, code: str) -> None:
        super().__init__(f"{table}: unknown code {code!r}")
        self.table = table
        self.code = code


class InvalidCombinationError(VocabularyError):
    """Raised when ``codes`` cannot be the result of one inspection."""

    def __init__(self, codes: tuple[str, ...], reason: str) -> None:
        super().__init__(f"{reason}: {', '.join(codes) or 'nothing'}")
        self.codes = codes
        self.reason = reason


class InvalidTableError(VocabularyError):
    """Raised when the section ``key`` of the pack ``pack`` is malformed."""

    def __init__(self, pack: str, key: str, reason: str) -> None:
        super().__init__(f"{pack}.yaml, {key}: {reason}")
        self.pack = pack
        self.key = key
        self.reason = reason


class UnreadableValuesError(VocabularyError):
    """Raised when bytes are not the values of so many indicators."""
