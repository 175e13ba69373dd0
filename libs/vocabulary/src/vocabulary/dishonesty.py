"""What facts of dishonesty are: those by which a record (失信信息记录) begins, changes or ends."""

DISHONESTY, OTHER = "dishonesty", "other"
"""What an event of such a fact is about, and of any other: readers may pass over unread what they do not ask for.

The list may grow at the producer before it grows at a reader, never the other way round.
"""

FACT_TYPES = frozenset(
    {
        "creditloop.penalty.imposed.v1",
        "creditloop.penalty.annulled.v1",
        "creditloop.listing.entered.v1",
        "creditloop.listing.removed.v1",
        "creditloop.registration.cancelled.v1",
    }
)
"""A fact of any other type opens, changes and ends no record."""
