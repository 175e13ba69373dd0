"""Which rows of the quarantine a filter means, in SQL over `quarantine join source`."""

from ingestion_service.model.quarantined import Filter

MATCHES = """
    (cast(:state as text) is null or quarantine.state = :state)
    and (cast(:source as text) is null or source.name = :source)
    and (cast(:reason as text) is null or quarantine.reason = :reason)
    and (cast(:type as text) is null or quarantine.type = :type)
    and (cast(:received_from as timestamptz) is null or quarantine.received_at >= :received_from)
    and (cast(:received_to as timestamptz) is null or quarantine.received_at < :received_to)
    and (cast(:subject as text) is null or position(upper(cast(:subject as text)) in upper(quarantine.subject)) > 0)
    and (cast(:ids as bigint[]) is null or quarantine.id = any(cast(:ids as bigint[])))
"""


def bound(of: Filter) -> dict[str, object]:
    """The values of `MATCHES`."""
    return {
        "state": None if of.state is None else of.state.value,
        "source": of.source,
        "reason": of.reason,
        "type": of.type,
        "received_from": of.received_from,
        "received_to": of.received_to,
        "subject": of.subject,
        "ids": None if of.ids is None else list(of.ids),
    }
