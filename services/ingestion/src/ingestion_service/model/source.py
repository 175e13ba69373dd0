"""Systems that send facts (信息源), and the keys they prove themselves with."""

from dataclasses import dataclass, field
from datetime import datetime

OWN_PREFIX = "creditloop."
"""Begins the names our own services record facts under; no other source may have such a name."""


@dataclass(frozen=True, slots=True)
class Source:
    """A system that may send facts.

    Attributes:
        id: Its number in the ledger.
        name: What its CloudEvents carry as `source`.
        owner: The department that answers for it.
        fact_types: The types it may send; empty for all.
        kafka_enabled: Whether facts of this name are taken from Kafka, where nobody proves who they are.
        suspended: Whether nothing is taken from it for now.
    """

    id: int
    name: str
    owner: str = ""
    fact_types: frozenset[str] = frozenset()
    kafka_enabled: bool = False
    suspended: bool = False

    def may_send(self, fact_type: str) -> bool:
        """Whether facts of this type are taken from it."""
        return not self.fact_types or fact_type in self.fact_types


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as kept: only the hash of its secret."""

    key_id: str
    source: str
    secret_hash: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to register."""

    name: str
    owner: str
    fact_types: frozenset[str] = frozenset()
    kafka_enabled: bool = False
