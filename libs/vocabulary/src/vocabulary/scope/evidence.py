"""The phrase that decided, and where it stands."""

from enum import StrEnum
from typing import NamedTuple


class Field(StrEnum):
    """Which text a phrase was found in."""

    SCOPE = "scope"
    NAME = "name"
    LICENCE = "licence"


class Evidence(NamedTuple):
    """``text`` stands at ``start`` (characters, from 0) of the field as given; of a licence it is the kind."""

    field: Field
    text: str
    start: int
