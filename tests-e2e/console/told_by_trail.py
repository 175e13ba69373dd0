"""What every service wrote down about an entity, as its page writes it in one line of time."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from reading import NOTHING, one_line, second, words

Entry = dict[str, Any]

STAGES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
WORDS, VALUES = words("floors/entity/relationText.ts"), words("i18n/factValues.ts")
FACTS = words("i18n/facts.ts")


def trail_told(trails: Mapping[str, Sequence[Entry]], families: Mapping[str, str]) -> list[list[str]]:
    """All entries, the newest first; of the same thousandth of a second, those of later stages first."""
    entries = [(stage, entry) for stage in STAGES for entry in trails[stage]]

    def newest(told: tuple[str, Entry]) -> tuple[int, int]:
        at_ms = int(datetime.fromisoformat(told[1]["at"]).timestamp() * 1_000)
        return -at_ms, -STAGES.index(told[0])

    return [entry_told(stage, entry, families) for stage, entry in sorted(entries, key=newest)]


def entry_told(stage: str, entry: Entry, families: Mapping[str, str]) -> list[str]:
    """When, at which stage, what, and its particulars."""
    kind = "task_made" if entry["kind"] == "task" else entry["kind"]
    said = f"{WORDS.get(kind, kind)} {about(entry, families)}"
    return [second(entry["at"]), WORDS[stage], one_line(said), one_line(entry.get("detail") or "")]


def about(entry: Entry, families: Mapping[str, str]) -> str:
    """What an entry is about, in words where its stage wrote codes."""
    what = entry["what"]
    how: dict[str, Callable[[], str]] = {
        "fact": lambda: fact_told(what),
        "fact_accepted": lambda: fact_told(what),
        "signal": lambda: families.get(what, what),
        "inspection_result": lambda: " · ".join(VALUES.get(code, code) for code in what.split(",")),
        "decision": lambda: decision_told(what),
    }
    return how.get(entry["kind"], lambda: VALUES.get(what, what) or NOTHING)()


def fact_told(what: str) -> str:
    """A type of fact, be it written as ingestion or as profiling writes it."""
    long = re.fullmatch(r"creditloop\.(.+)\.v\d+", what)
    code = re.sub(r"[.-]", "_", long[1]) if long else what
    return FACTS.get(code, code)


def decision_told(what: str) -> str:
    """A decision, which classification writes in English."""
    found = re.match(r"class (?:([A-D]) → )?([A-D]), score ([\d.]+)", what)
    if not found:
        return what
    before, after, points = found.groups()
    return f"{f'{before} 类 → ' if before else ''}{after} 类，得分 {points}"
