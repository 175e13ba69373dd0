"""Adding an indicator is adding YAML: `creditloop model check` says whether it can be used, and why not."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from profiling_service.check import check
from profiling_service.errors import InvalidPack
from profiling_service.settings import PACKS, rule_book

NEW = {
    "code": "social.praise_12m",
    "zh": "近12个月表扬",
    "en": "Praise in 12 months",
    "group": "opinion",
    "of": ["opinion_observed.positive"],
    "window": "12m",
    "effect": "less",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped packs."""
    copied = tmp_path / "packs"
    shutil.copytree(str(PACKS), copied)
    return copied


@pytest.fixture
def edit(folder: Path) -> Callable[[str, Callable[[Any], object]], None]:
    """Edits a pack of the copy."""

    def edited(name: str, change: Callable[[Any], object]) -> None:
        path = folder / name
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")

    return edited


def test_what_is_shipped_can_be_used() -> None:
    """And has the shape the issue of the catalogue asks for."""
    found = check()

    assert found["indicators"] >= 81
    assert found["fact_types"] == 80


def test_a_new_indicator_is_a_line_of_yaml(folder: Path, edit: Any) -> None:
    """No code, no migration; once a catalogue was released, a new version."""
    edit("indicators/5-social.yaml", lambda pack: pack["indicators"].append(NEW))
    edit("positions.yaml", lambda pack: pack["positions"].append(NEW["code"]))
    with pytest.raises(InvalidPack, match="the version is 3"):
        check(folder)

    edit("positions.yaml", lambda pack: pack.update(version=3))

    assert check(folder)["indicators"] == check()["indicators"] + 1
    assert rule_book(folder).catalogue.indicators[-1].zh == NEW["zh"]


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("positions.yaml", lambda pack: pack["positions"].reverse(), "not those released"),
        ("positions.yaml", lambda pack: pack["positions"].pop(), "differ"),
        ("facts.yaml", lambda pack: pack["forms"]["interview_held"].update(group="nothing"), "has no"),
        ("facts.yaml", lambda pack: pack["forms"].pop("interview_held"), "without form"),
        ("indicators/5-social.yaml", lambda pack: pack["indicators"][0].update(of=["gossip"]), "GOSSIP"),
    ],
)
def test_what_cannot_be_used_says_why(folder: Path, edit: Any, name: str, change: Any, why: str) -> None:
    """In the words of who wrote the YAML."""
    edit(name, change)

    with pytest.raises(InvalidPack, match=why):
        check(folder)


def test_a_folder_that_lacks_a_pack_says_which(folder: Path) -> None:
    """Not a stack trace."""
    (folder / "positions.yaml").unlink()

    with pytest.raises(InvalidPack, match=r"positions\.yaml"):
        check(folder)


def test_broken_yaml_says_where(folder: Path) -> None:
    """A tab, usually."""
    (folder / "facts.yaml").write_text("forms: {", encoding="utf-8")

    with pytest.raises(InvalidPack, match=r"facts\.yaml"):
        check(folder)
