"""What people ask of relations."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class RelatedRow(NamedTuple):
    """An entity that has something in common with another; `kind` of `model.relations.KINDS`."""

    kind: int
    uscc: str
    name: str
    status: int
    area_code: str
    is_risky: bool


class ClusterRow(NamedTuple):
    """Entities that have `ref` in common, and how many of them are risky, revoked, or set up together."""

    ref: str
    entities: int
    risky: int
    revoked: int
    young: int


class RelatedReads(Protocol):
    """What people ask of relations."""

    async def of(self, uscc: str, limit: int) -> Sequence[RelatedRow]:
        """Entities that have something in common with this one now, risky ones first."""
        ...

    async def clusters(self, kind: str, at_least: int, limit: int) -> Sequence[ClusterRow]:
        """Clusters of so many entities at least, the largest first, as the last daily run counted them."""
        ...

    async def scope_of(self, uscc: str) -> str:
        """The business scope that was registered last; empty when none was."""
        ...
