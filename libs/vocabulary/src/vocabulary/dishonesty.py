"""What facts of dishonesty are: those by which a record (失信信息记录) begins, changes or ends."""

DISHONESTY, INSPECTION, OTHER = "dishonesty", "inspection", "other"
"""What an event of such a fact is about, and of any other: readers may pass over unread what they do not ask for.

An inspection that supersedes something is told as one of dishonesty, like whatever may take a record back.

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
"""A fact of any other type opens, changes and ends no record by what it says itself."""

INSPECTION_COMPLETED = "creditloop.inspection.completed.v1"
"""Reviews of the model read these; see `about`."""

RETRACTION = "creditloop.fact.retracted.v1"
"""Ends the record of the fact it names, if that opened one."""


def concerns_records(fact_type: str, *, superseding: bool) -> bool:
    """Whether a record may begin, change or end by a fact: by what it says, or by what it retracts or supersedes."""
    return superseding or fact_type in FACT_TYPES or fact_type == RETRACTION


def about(fact_type: str, *, superseding: bool) -> str:
    """The word by which readers may pass a fact over."""
    if concerns_records(fact_type, superseding=superseding):
        return DISHONESTY
    return INSPECTION if fact_type == INSPECTION_COMPLETED else OTHER
