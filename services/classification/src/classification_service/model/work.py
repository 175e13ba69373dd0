"""What waits for people."""

from typing import NamedTuple


class Work(NamedTuple):
    """How much waits to be decided; of each, what the one who asks may decide: never what is their own.

    Attributes:
        objections_open, objections_decidable: Not decided yet.
        objections_due, objections_overdue: Of those open, whose term ends today, and ended before.
        adjustments_proposed, adjustments_decidable: Classes that somebody would set.
        drafts_submitted, drafts_decidable: Versions of models that wait for a second person.
        drafts_approved: Those that wait to be promoted.
        rollbacks_proposed, rollbacks_decidable: Ways back that wait for a second person.
        alarms_open: Proposals to review a model that nobody has answered.
    """

    objections_open: int
    objections_decidable: int
    objections_due: int
    objections_overdue: int
    adjustments_proposed: int
    adjustments_decidable: int
    drafts_submitted: int
    drafts_decidable: int
    drafts_approved: int
    rollbacks_proposed: int
    rollbacks_decidable: int
    alarms_open: int
