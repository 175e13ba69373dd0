"""What the daily run counts of an entity's relations."""

from typing import Literal

COUNTS = (
    "person",
    "address",
    "contact",
    "agent",
    "branches",
    "risky_of_person",
    "revoked_of_person",
    "risky_at_address",
    "young_at_address",
    "risky_branches",
    "risky_head",
    "risky_related",
    "holder",
    "risky_holders",
)
"""Names, in the order in which they are stored.

person, address, contact, agent: registered entities that have it in common, itself included.
branches: entities that name it as their head.
risky_…, revoked_…: others of them that are so. young_at_address: others established within 90 days of it.
risky_related: other risky entities with any of these in common, each once.
holder: entities held by its shareholder that holds most. risky_holders: its shareholders that are risky entities.
"""

KINDS: dict[int, Literal["person", "address", "contact", "agent", "head", "holder"]] = {
    1: "person",
    2: "address",
    3: "contact",
    4: "agent",
    5: "head",
    6: "holder",
}
"""What entities can have in common, as stored."""

MOST_COUNTED = 10
"""Risky ones beyond so many make no difference; project-chosen."""
MOST_IN_COMMON = 50
"""What more entities have in common says nothing of each: an address of registration agents, say. Project-chosen."""
YOUNG_DAYS = 90
