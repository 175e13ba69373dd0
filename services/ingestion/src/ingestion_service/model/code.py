"""Old codes of entities (换码)."""

from typing import NamedTuple


class Alias(NamedTuple):
    """A code an entity had, the code it was given then, and the key of the fact that told it."""

    old_code: str
    uscc: str
    source_id: int
    fact_id: str
