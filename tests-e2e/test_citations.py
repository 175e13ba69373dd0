"""What officials read as the ground of a rule: the packs of every service and of the vocabulary, read together."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKS = sorted(
    path
    for folder in (*ROOT.glob("services/*/src/*/packs"), ROOT / "libs/vocabulary/src/vocabulary/packs")
    for path in folder.rglob("*.yaml")
)
KEYS = {"citation", "source", "ground", "legal_basis"}
NAMES = ("chinesecalendar", "docs/data-quality.md")
"""A package, and a page of this repository."""


def citations(node: Any) -> Iterator[str]:
    """Every citation in a document, wherever it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in KEYS and isinstance(value, str):
                yield value
            else:
                yield from citations(value)
    elif isinstance(node, list):
        for value in node:
            yield from citations(value)


def foreign(text: str) -> list[str]:
    """Lower-case words, and an article by its sign; numbers such as DB45/T 2779-2023, TSG or GMP are none."""
    for name in NAMES:
        text = text.replace(name, "")
    return re.findall(r"[A-Za-z]*[a-z]{2,}|§", text)


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_citation_is_in_chinese(pack: Path) -> None:
    """Law and practice are Chinese, and so is the page in either language: an official could not cite it otherwise."""
    cited = [text for document in yaml.safe_load_all(pack.read_text()) for text in citations(document)]

    assert {text: words for text in cited if (words := foreign(text))} == {}


def test_english_is_told_from_codes_of_standards() -> None:
    """The check above would pass over everything if it found nothing."""
    assert foreign("Typical provincial practice: on the abnormal list, no better than C")
    assert foreign("总局令第107号 §12, §16: two working days")
    assert foreign("广西DB45/T 2779-2023第5.3条；TSG T5002-2017；GMP、HACCP；四川T/SCTX M 006-2024") == []
    assert len(PACKS) > 50
