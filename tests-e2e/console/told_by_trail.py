"""What every service wrote down about an entity, as its page writes it in one line of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from reading import NOTHING, one_line, second, words, written
from told_by_entity import STATUSES, SUPERVISION, VALUES, cause_told
from told_by_ingestion import REASONS

Entry = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]

STAGES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
WORDS, FACTS = words("floors/entity/relationText.ts"), words("i18n/facts.ts")
FIELDS = words("i18n/factFields.ts") | words("floors/entity/trailText.ts", "useTrailFields")
CODES = SUPERVISION | words("floors/entity/trailText.ts", "TRAIL_VALUES")
CODED = {
    "state",
    "override_code",
    "pool_reason",
    "stratum",
    "tier",
    "stop_reason",
    "channel",
    "action",
}
TEAMS = words("i18n/teams.ts")
HIDDEN = {"task_id", "result_id"}
AS_IT_IS = {
    *("signal_id", "draw_id", "record_id", "order_id", "notice_id", "clue_id", "document_number", "platform"),
    *("profile_version", "indicators_known", "number", "version", "change_number", "attempts"),
    *(
        "business_day",
        "due_on",
        "apply_from",
        "stops_on",
        "stopped_on",
        "ordered_on",
        "raised_on",
        "issued_on",
    ),
    *("previous_class", "risk_class", "citation", "remark"),
}
"""Numbers, days, ids, classes, and what people wrote; every other field says a code that has a word."""


def trail_told(trails: Mapping[str, Sequence[Entry]], names: Names) -> list[list[str]]:
    """All entries, the newest first; of the same thousandth of a second, those of later stages first."""
    entries = [(stage, entry) for stage in STAGES for entry in trails[stage]]

    def newest(told: tuple[str, Entry]) -> tuple[int, int]:
        at_ms = int(datetime.fromisoformat(told[1]["at"]).timestamp() * 1_000)
        return -at_ms, -STAGES.index(told[0])

    return [entry_told(stage, entry, names) for stage, entry in sorted(entries, key=newest)]


def entry_told(stage: str, entry: Entry, names: Names) -> list[str]:
    """When, at which stage, what, and its particulars: every field by its word."""
    kind = "task_made" if entry["kind"] == "task" else entry["kind"]
    pairs = [
        f"{FIELDS[field]} {told}"
        for field, value in entry["says"].items()
        if field not in HIDDEN and (told := said(field, value, names))
    ]
    event = f"{WORDS[kind]} {about(stage, entry, names)}"
    return [second(entry["at"]), WORDS[stage], one_line(event), one_line(" ".join(pairs))]


def about(stage: str, entry: Entry, names: Names) -> str:
    """What an entry is about, in the word of its code; a class by its letter."""
    kind, what = entry["kind"], entry["what"]
    if kind == "pool_class":
        return what or NOTHING
    if kind == "decision" or not what:
        return str(what)
    if stage == "ingestion" or kind == "fact":
        return FACTS[what]
    return names["families"][what] if kind == "signal" or kind.startswith("clue_") else VALUES[what]


def said(field: str, value: Any, names: Names) -> str:
    """What a field says, in words where it says codes."""
    if isinstance(value, list):
        return "、".join(said(field, each, names) for each in value)
    if isinstance(value, bool):
        return "是" if value else ""
    if field == "score":
        return written(value)
    if field in {"cause", "fact_id"}:
        return cause_told("" if value == "calendar" else value)
    return in_words(field, str(value), names)


def in_words(field: str, code: str, names: Names) -> str:
    """The word of a code; what is no code as it is."""
    if field in CODED:
        return CODES[f"{field}_{code}"]
    tables = {
        "area_code": names["areas"],
        "helping_areas": names["areas"],
        "status": STATUSES,
        "reason": REASONS,
        "team": TEAMS,
        "result_codes": VALUES,
        "model": names["models"],
    }
    return code if field in AS_IT_IS else tables[field][code]
