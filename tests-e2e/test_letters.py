"""Letters carry codes of repair in notification's words: both sides' packs, read together."""

from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from repair_service.model import RecordKind, StopReason
from repair_service.settings import load_law, load_phrases

PACKS = Path(__file__).resolve().parents[1] / "services/notification/src/notification_service/packs"
REPAIR_NOTICES = sorted((PACKS / "templates").glob("repair_notice_*.yaml"))


def test_every_code_of_the_law_has_words_in_letters() -> None:
    """A code without words reads as 法律、法规、规章规定的其他条件: the enterprise is not told what to do."""
    words = yaml.safe_load((PACKS / "words.yaml").read_text())
    asked = {
        code
        for regime in load_law().regimes
        for conditions in (
            *(rule.conditions for rule in regime.rules.values()),
            *regime.abnormal_reasons.values(),
            regime.other_abnormal_reason,
        )
        for code in conditions
    }

    assert asked - words["condition"].keys() == set()
    assert asked - load_phrases().conditions.keys() == set()
    assert set(RecordKind) - words["record_kind"].keys() == set()
    assert set(StopReason) - {StopReason.CANCELLED_ENTITY} - words["stop_reason"].keys() == set()


@pytest.mark.parametrize("template", REPAIR_NOTICES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("language", "offer"), [("zh", "可以申请信用修复"), ("en", "you may apply")])
def test_a_letter_offers_repair_only_where_there_is_a_day_for_it(
    template: Path, language: str, offer: str
) -> None:
    """No day to apply from means that early repair is not available, whatever conditions are named."""
    source = yaml.safe_load(template.read_text())["text"][language]

    letters = [_rendered(source, apply_from=day, conditions="duties_done") for day in ("", "2026-06-01")]

    assert [offer in letter for letter in letters] == [False, True]
    assert "duties_done" not in letters[0]


def _rendered(source: str, **params: str) -> str:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - plain text
    filters: dict[str, Any] = {
        "day": str,
        "word": lambda code, _: code,
        "listed": lambda text: text.split(","),
    }
    environment.filters |= filters
    return environment.from_string(source).render(params)
