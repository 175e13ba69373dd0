"""Whatever a fact can say by the contract has a word: its type, its fields, their codes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_service.store.packs import shipped_words
from vocabulary.penalties import abnormal_listing_reasons, serious_violation_reasons

ROOT = Path(__file__).parents[3]
DOCUMENTS = ROOT / "docs" / "generated"
TEMPLATES = ROOT / "services/notification/src/notification_service/packs/templates"
TOLD_BY_OTHERS = {"RecordStopped": "record_stopped", "InspectionResultRecorded": "inspection_completed"}
KEPT_BACK = {"class_at_draw", "stratum", "inclusion_probability"}
"""What profiling tells nobody of a draw."""

Told = tuple[str, str, str]
"""The type of a fact, a field of it, and a code it may have there; the code is empty where any text may stand."""


def sections(document: str, heading: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The rows of each section's table, by the section's name."""
    text = (DOCUMENTS / document).read_text(encoding="utf-8").replace(r"\|", "/")
    for section in re.split(rf"^{heading} ", text, flags=re.MULTILINE)[1:]:
        lines = [line for line in section.splitlines() if re.match(r"\| (\d+ \| )?`", line)]
        yield section.split()[0], [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def told_by_sources() -> Iterator[Told]:
    for name, rows in sections("fact-types.md", "##"):
        kind = name.removeprefix("creditloop.").removesuffix(".v1").replace(".", "_").replace("-", "_")
        for field, value, *_ in rows:
            yield from ((kind, field.strip("`"), code) for code in re.findall(r"`(\w+)`", value) or [""])


def told_by_services() -> Iterator[Told]:
    for name, rows in sections("events.md", "###"):
        for _, field, _, meaning in rows if name in TOLD_BY_OTHERS else ():
            codes = re.findall(r"`([a-z_]+)`", meaning) or [""]
            called = field.strip("`").removesuffix("_day")
            yield from ((TOLD_BY_OTHERS[name], called, code) for code in codes if called not in KEPT_BACK)


def told_of_listings() -> Iterator[Told]:
    for reason in [*abnormal_listing_reasons(), *serious_violation_reasons()]:
        yield "listing_entered", "reason", reason


def letters() -> list[str]:
    """The codes of letters, which an entity's trail names."""
    texts = [each.read_text(encoding="utf-8") for each in TEMPLATES.glob("*.yaml")]
    return [code for text in texts for code in re.findall(r"^code: (\w+)$", text, re.MULTILINE)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_a_fact_can_say_has_a_word(language: str) -> None:
    """Else an official reads the code."""
    told = [*told_by_sources(), *told_by_services(), *told_of_listings()]
    packs = shipped_words()
    types, fields, values = (packs[pack][language] for pack in ("fact_types", "fact_fields", "fact_values"))
    shown = [each for each in told if each[1] not in packs["fact_fields"]["hidden"]]

    assert (len({kind for kind, _, _ in told}), len(letters())) > (70, 3)
    assert not {kind for kind, _, _ in told if kind not in types}
    assert not {field for _, field, _ in shown if field not in fields}
    assert not {
        (kind, field, code)
        for kind, field, code in shown
        if code
        and not {f"{kind}.{field}_{code}", f"{field}_{code}", code} & values.keys()
        and not (field == "field" and kind in packs["fact_fields"]["changes"] and code in fields)
    }
    assert set(letters()) <= values.keys()
