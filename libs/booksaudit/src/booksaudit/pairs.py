"""Which books must agree, and who reads whom; the contract is in `docs/architecture.md`."""

from typing import NamedTuple


class Book(NamedTuple):
    """One book of one service."""

    service: str
    name: str

    def __str__(self) -> str:
        return f"{self.service} {self.name}"


class Pair(NamedTuple):
    """Every key of `left`, which says what there should be, is in `right` exactly as often, and no other."""

    left: Book
    right: Book

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


def _pair(left: str, right: str) -> Pair:
    return Pair(_book(left), _book(right))


def _book(text: str) -> Book:
    service, name = text.split()
    return Book(service, name)


PAIRS: tuple[Pair, ...] = (
    _pair("ingestion received", "ingestion verdicts"),
    _pair("ingestion accepted", "profiling recorded_from_ingestion"),
    _pair("sampling results", "profiling recorded_from_sampling"),
    _pair("repair stops", "profiling recorded_from_repair"),
    _pair("profiling counted", "profiling recorded"),
    _pair("profiling profiles", "classification states"),
    _pair("classification decisions_expected", "classification decisions"),
    _pair("classification class_heads", "sampling members"),
    _pair("profiling descriptions", "sampling descriptions"),
    _pair("profiling addressed", "notification addressed"),
    _pair("ingestion dishonesty", "repair records"),
    _pair("repair notices_due", "notification repair_notices"),
    _pair("repair stop_notices_due", "notification stop_notices"),
    _pair("profiling signals", "notification signals"),
    _pair("profiling signals_counted", "profiling signals_kept"),
    _pair("sampling results", "classification reviewed"),
    _pair("ingestion inspections", "classification reported"),
    _pair("ingestion endings", "repair stop_orders"),
    _pair("notification described", "repair described"),
    _pair("classification models_used", "classification models_kept"),
    _pair("sampling draws", "sampling populations"),
    _pair("sampling revealed", "sampling files"),
    _pair("sampling drawn", "sampling entries_counted"),
    _pair("sampling entries", "sampling visits"),
    _pair("sampling visits_done", "sampling visits_with_result"),
    _pair("notification reminders_due", "notification reminders"),
    _pair("notification notices", "notification notices_in_hand"),
    _pair("notification signals_passed_on", "notification signals_of_clues"),
    _pair("notification clues_pushed", "notification clues_of_webhooks"),
    _pair("notification webhooks_tried", "notification webhooks_of_attempts"),
    _pair("notification webhooks_delivered", "notification webhooks_accepted"),
)

READERS: dict[str, tuple[str, ...]] = {
    "ingestion": ("profiling", "repair", "classification"),
    "profiling": ("classification", "sampling", "repair", "notification"),
    "classification": ("sampling",),
    "sampling": ("profiling", "classification"),
    "repair": ("profiling", "notification"),
    "notification": (),
}
"""Who listens to whose topic."""

ACCEPTED = Book("ingestion", "accepted")
RECORDED = Book("profiling", "recorded_from_ingestion")
DECIDED = Book("classification", "decisions")
