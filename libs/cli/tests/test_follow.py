"""One entity's way, merged from the services' trails."""

from creditloop_cli.follow.show import said
from creditloop_cli.follow.trail import by_service, merged


def _entry(at: str, kind: str) -> dict[str, object]:
    return {"at": at, "kind": kind, "what": "", "says": {}, "trace_id": None}


def test_steps_come_in_order_of_time_across_services() -> None:
    """The way of a fact crosses services; a reader follows it downwards."""
    trails = {
        "classification": [_entry("2026-11-23T08:00:02Z", "decision")],
        "ingestion": [_entry("2026-11-23T08:00:00Z", "fact"), _entry("2026-11-23T08:00:03Z", "fact")],
        "profiling": [_entry("2026-11-23T16:00:01+08:00", "profile")],
    }

    steps = merged(trails)

    assert [step.service for step in steps] == ["ingestion", "profiling", "classification", "ingestion"]


def test_within_a_millisecond_the_order_of_the_loop_decides() -> None:
    """Some services keep milliseconds, others microseconds: an effect must not stand before its cause."""
    trails = {
        "repair": [_entry("2026-11-23T08:00:00.123000Z", "record_opened")],
        "ingestion": [_entry("2026-11-23T08:00:00.123456Z", "fact")],
    }

    assert [step.service for step in merged(trails)] == ["ingestion", "repair"]


def test_every_service_is_counted_even_with_no_step() -> None:
    """A service that knows nothing of the entity is worth knowing."""
    counts = by_service(merged({"repair": [_entry("2026-11-23T08:00:00Z", "record_opened")]}))

    assert counts["repair"] == 1
    assert counts["sampling"] == 0


def test_what_a_step_says_is_a_line_of_fields() -> None:
    """Services tell codes and fields; people read a line."""
    says = {
        "previous_class": "A",
        "score": 165.0,
        "ended": False,
        "is_final": True,
        "result_codes": ["corrected", "refused"],
    }

    assert said(says) == "previous class A  score 165  is final yes  result codes corrected, refused"
