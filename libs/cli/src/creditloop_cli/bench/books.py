"""The audit as benchmark and chaos tell it: with what was acknowledged to the poster and never accepted."""

from booksaudit.report import Audit


def books(found: Audit, posted: int) -> dict[str, int]:
    """The audit's figures, the poster's own count before them.

    The audit compares from ingestion's ledger on. A fact whose receipt was acknowledged, over HTTP or by Kafka, and
    that is not in the ledger is lost too; one in the ledger that nobody posted is one too many.

    Args:
        found: Of a stack that was empty, and to which nobody else posted.
        posted: Facts acknowledged, each with an identifier of its own.
    """
    accepted = found.accepted
    return {
        "posted": posted,
        "accepted": accepted,
        "recorded": found.recorded,
        "decided": found.decided,
        "lost": found.lost + max(posted - accepted, 0),
        "doubled": found.doubled + max(accepted - posted, 0),
        "dead_letters": found.dead,
    }
