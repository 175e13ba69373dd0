"""The handlers of each service's consumer, over nothing: made to be asked which events they are for."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from classification_service import consumer as classification
from classification_service.store import packs as models
from eventbus import Handlers
from ingestion_service import consumer as ingestion
from notification_service import consumer as notification
from profiling_service import consumer as profiling
from profiling_service.settings import rule_book
from repair_service import consumer as repair
from sampling_service import consumer as sampling

NOTHING = cast("Any", None)
"""What handlers use when events come; here none does."""


def classification_handlers() -> Handlers:
    """Their decoder knows the indicators."""
    catalogue = models.shipped_catalogue()
    judging = classification.handlers(NOTHING, catalogue, now_ms=NOTHING)
    return {**judging, **classification.report_handlers(NOTHING, catalogue)}


def notification_handlers() -> Handlers:
    """All go to the same use case."""
    return notification.handlers(notification.Notifier(NOTHING, NOTHING, NOTHING))


HANDLERS: Mapping[str, Callable[[], Handlers]] = {
    "ingestion": lambda: ingestion.handlers(NOTHING, NOTHING, NOTHING),
    "profiling": lambda: profiling.handlers(NOTHING, rule_book()),
    "classification": classification_handlers,
    "sampling": lambda: sampling.handlers(NOTHING),
    "repair": lambda: repair.handlers(repair.Desk(NOTHING, NOTHING)),
    "notification": notification_handlers,
}
