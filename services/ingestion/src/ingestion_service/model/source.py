"""Systems that send facts (信息源), and the keys they prove themselves with."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

OWN_PREFIX = "creditloop."
"""Begins the names our own services record facts under; no other source may have such a name."""

EXPIRES_SOON = timedelta(days=14)
"""How long before its end a key is shown as expiring, and alerted; project-chosen."""


class Rate(NamedTuple):
    """How fast facts are taken from a source over HTTP: `burst` at once, and then `facts_per_s`."""

    facts_per_s: int
    burst: int


class Signature(NamedTuple):
    """Who did something, and when."""

    by: str
    at: datetime


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
        contact: Whom to call: a person, telephone or e-mail.
        description: What it is, in its owner's words.
        schema_version: Version of the schemas it was registered for.
        expected_freshness_s: Silent for longer, seconds, it raises an alert; None: nothing is expected.
        rate: The most it may send over HTTP; None: without limit.
    """

    id: int
    name: str
    owner: str = ""
    fact_types: frozenset[str] = frozenset()
    kafka_enabled: bool = False
    suspended: bool = False
    contact: str = ""
    description: str = ""
    schema_version: str = ""
    expected_freshness_s: int | None = None
    rate: Rate | None = None

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
    last_used_on: date | None = None


def expiring(key: ApiKey, now: datetime) -> bool:
    """Whether the key still holds and ends soon."""
    return (
        key.revoked_at is None and key.expires_at is not None and now < key.expires_at <= now + EXPIRES_SOON
    )


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to register; what its members mean `Source` tells."""

    name: str
    owner: str
    fact_types: frozenset[str] = frozenset()
    kafka_enabled: bool = False
    contact: str = ""
    description: str = ""
    schema_version: str = ""
    expected_freshness_s: int | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a source that was changed, or a key that was issued, rotated or revoked."""

    id: int
    changed_at: datetime
    changed_by: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LastFact:
    """When the last new fact of a type came from a source."""

    fact_type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a source is.

    Attributes:
        last_fact_at: When its last new fact came, as last looked; None for none.
        expected_by: When the next one should be here; None where nothing is expected.
    """

    last_fact_at: datetime | None
    expected_by: datetime | None
