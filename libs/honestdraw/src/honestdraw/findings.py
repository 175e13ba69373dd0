"""What a check found wrong, and where."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One reason not to believe a file.

    Attributes:
        where: JSON path such as `$.drawn[17].uscc`, or line and column where it is no JSON.
        what: what is wrong there.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
