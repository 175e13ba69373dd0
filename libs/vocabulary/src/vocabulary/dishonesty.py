"""What facts of dishonesty are: those by which a record (失信信息记录) begins, changes or ends."""

DISHONESTY = "dishonesty"
"""The word that events of such facts are about, for readers that pass all others over unread."""

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
