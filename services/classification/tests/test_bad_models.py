"""A model that cannot be used is refused with the line and the reason."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from classification_service.errors import InvalidModel, Problem
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.reading import located, model_of, overlaps, require_no_overlap

GOOD = """\
code: trial
version: 1
catalogue_version: 2
zh: 试行模型
en: A model on trial
valid_from: 2026-12-01
author: li
approver: wang
scale:
  lowest: 0
  highest: 1000
  cuts: {A: 250, B: 500, C: 750}
base: 100
dimensions:
  - {code: own, zh: 自身, en: itself, full: 400, part: static, aspect: risk}
  - {code: done, zh: 行为, en: what it did, full: 500, part: dynamic, aspect: credit}
items:
  - indicator: base.age_years
    dimension: own
    bins: {edges: [1, 3], points: [400, 50, 0]}
    missing: {policy: neutral}
  - indicator: regulatory.penalties_36m
    dimension: done
    bins:
      - {below: 1, points: 0}
      - {from: 1, below: 3, points: 200}
      - {from: 3, points: 500}
    missing: {policy: worst}
  - indicator: regulatory.penalty_amount_36m
    dimension: done
    curve: [[0, 0], [5, 20]]
    missing: {policy: mean, points: 3}
overrides:
  - code: listed
    when: {indicator: regulatory.serious_listed_now, at_least: 1}
    floor: D
    zh: 列入名单
    en: Listed
    citation: a rule
    confidence: regulation
modifiers:
  - code: young
    when: {age_days_below: 365}
    floor: B
    flag: observed
    zh: 新设
    en: New
    citation: ours
    confidence: project-chosen
"""

BAD = {
    "an age that no day is counted back from": (
        "age_days_below: 365",
        "age_days_below: 4000000",
        "modifiers.0.when.age_days_below",
        "must be between 1 and 36600",
    ),
    "points beyond all scales": (
        "    curve: [[0, 0], [5, 20]]",
        "    curve: [[0, 0], [5, 20]]\n    weight: 1000000",
        "items.2.weight",
        "gives more than 1e+06 points",
    ),
    # name: (written in GOOD, written instead, the place refused, the reason)
    "overlapping edges": ("edges: [1, 3]", "edges: [3, 1]", "items.0.bins.edges", "bins overlap"),
    "the same edge twice": ("edges: [1, 3]", "edges: [1, 1]", "items.0.bins.edges", "bins overlap"),
    "overlapping ranges": (
        "{from: 3, points: 500}",
        "{from: 2, points: 500}",
        "items.1.bins.2.from",
        "overlaps the range before, which ends below 3",
    ),
    "a gap between ranges": (
        "{from: 3, points: 500}",
        "{from: 4, points: 500}",
        "items.1.bins.2.from",
        "leaves a gap: the range before ends below 3",
    ),
    "a range that ends before it begins": (
        "{from: 1, below: 3, points: 200}",
        "{from: 1, below: 1, points: 200}",
        "items.1.bins.1.below",
        "must be above from",
    ),
    "ranges that never end": (
        "{from: 3, points: 500}",
        "{from: 3, below: 9, points: 500}",
        "items.1.bins.2.below",
        "the last range, and it alone, has no end",
    ),
    "points and edges that do not fit": (
        "points: [400, 50, 0]",
        "points: [400, 50]",
        "items.0.bins.points",
        "must be one more than the 2 edges, are 2",
    ),
    "a curve that goes back": (
        "[[0, 0], [5, 20]]",
        "[[5, 0], [0, 20]]",
        "items.2.curve",
        "its values must rise",
    ),
    "weights that do not add up": (
        "full: 400",
        "full: 300",
        "dimensions",
        "the weights do not add up: base, full marks and coupling are 900, the scale is 1000",
    ),
    "full marks that no items reach": (
        "points: [400, 50, 0]",
        "points: [300, 50, 0]",
        "dimensions.0.full",
        "its items give no more than 300 of 400",
    ),
    "an unknown dimension": (
        "dimension: own",
        "dimension: owned",
        "items.0.dimension",
        "must be one of done, own",
    ),
    "an unknown indicator": (
        "indicator: base.age_years",
        "indicator: base.luck",
        "items.0.indicator",
        "unknown indicator base.luck",
    ),
    "an unknown indicator in a rule": (
        "regulatory.serious_listed_now",
        "regulatory.serious",
        "overrides.0.when",
        "unknown indicator regulatory.serious",
    ),
    "an indicator twice": (
        "indicator: regulatory.penalty_amount_36m",
        "indicator: base.age_years",
        "items.2",
        "base.age_years is there twice",
    ),
    "a weight of nothing": (
        "    curve: [[0, 0], [5, 20]]",
        "    curve: [[0, 0], [5, 20]]\n    weight: 0",
        "items.2.weight",
        "must be above 0",
    ),
    "cuts out of order": (
        "{A: 250, B: 500, C: 750}",
        "{A: 500, B: 250, C: 750}",
        "scale.cuts",
        "the cuts are not in order within the scale: 500, 250, 750",
    ),
    "a cut above the scale": (
        "C: 750}",
        "C: 1750}",
        "scale.cuts",
        "the cuts are not in order within the scale",
    ),
    "shares out of order": (
        "  cuts: {A: 250, B: 500, C: 750}",
        "  shares: {A: 0.9, B: 0.5, C: 0.98}",
        "scale.shares",
        "must rise between 0 and 1",
    ),
    "neither cuts nor shares": (
        "  cuts: {A: 250, B: 500, C: 750}\n",
        "",
        "scale.cuts",
        "must say the greatest scores",
    ),
    "another scale": ("highest: 1000", "highest: 900", "scale", "the general scale runs from 0 to 1000"),
    "half a point": ("base: 100", "base: 100.5", "base", "must be a whole number"),
    "approved by its author": (
        "approver: wang",
        "approver: li",
        "approver",
        "must be another person than the author",
    ),
    "a last day before the first": (
        "author: li",
        "valid_to: 2026-11-01\nauthor: li",
        "valid_to",
        "is before valid_from",
    ),
    "no date": ("valid_from: 2026-12-01", "valid_from: soon", "valid_from", "must be a date"),
    "a later catalogue": (
        "catalogue_version: 2",
        "catalogue_version: 3",
        "catalogue_version",
        "is made for catalogue 3, later than 2",
    ),
    "a key that is none": (
        "base: 100",
        "base: 100\nbonus: 5",
        "bonus",
        "has no place here",
    ),
    "a key misspelt within": (
        "missing: {policy: neutral}",
        "mising: {policy: neutral}",
        "items.0.mising",
        "has no place here",
    ),
    "a policy misspelt": (
        "{policy: neutral}",
        "{policy: netural}",
        "items.0.missing.policy",
        "must be one of mean, neutral, not_applicable, worst",
    ),
    "a mean without points": (
        "{policy: mean, points: 3}",
        "{policy: mean}",
        "items.2.missing.points",
        "must be a number",
    ),
    "a class that is none": ("floor: D", "floor: E", "overrides.0.floor", "must be one of A, B, C, D"),
    "an override that floors nothing": (
        "    floor: D\n",
        "",
        "overrides.0",
        "an override sets a floor and nothing else",
    ),
    "two steps at once": (
        "    floor: B\n",
        "    floor: B\n    shift: 2\n",
        "modifiers.0.shift",
        "is one step at most",
    ),
    "an age without a flag": (
        "    flag: observed\n",
        "",
        "modifiers.0.flag",
        "a condition of age needs a flag",
    ),
    "a flag of the service": (
        "flag: observed",
        "flag: manual",
        "modifiers.0.flag",
        "is set by the service alone",
    ),
    "a rule without a source": ("    citation: a rule\n", "", "overrides.0.citation", "must be a text"),
    "a source of unknown kind": (
        "confidence: regulation",
        "confidence: rumour",
        "overrides.0.confidence",
        "must be one of",
    ),
    "a sector that is none": (
        "code: trial",
        "code: trial\nkind: sector\nsector: toys\nmember: food_production.member",
        "sector",
        "must be one of",
    ),
    "a coupling of the general class with itself": (
        "base: 100",
        "base: 100\ncoupling: {A: 0, B: 1, C: 2, D: 3, citation: ours, confidence: project-chosen}",
        "coupling",
        "is for sector models",
    ),
    "a code that no address holds": ("code: trial", "code: Trial 1", "code", "must be small letters"),
    "a version beyond all numbers": (
        "version: 1\ncat",
        "version: 3000000000\ncat",
        "version",
        "must be between 1",
    ),
    "a word for a list of what is ignored": (
        "    flag: observed\n",
        "    flag: observed\n    ignores: dynamic\n",
        "modifiers.0.ignores",
        "must be a list of texts",
    ),
    "what is ignored is nothing": (
        "    flag: observed\n",
        "    flag: observed\n    ignores: [dynamic, dynamics]\n",
        "modifiers.0.ignores.1",
        "matches no indicator: dynamics",
    ),
    "a rule that holds for everybody": (
        "when: {indicator: regulatory.serious_listed_now, at_least: 1}",
        "when: {all: []}",
        "overrides.0.when.all",
        "must name one condition at least",
    ),
    "a rule named as a person's": (
        "code: young",
        "code: manual",
        "modifiers.0.code",
        "is what people decide",
    ),
    "a modifier named as an override is": (
        "code: young",
        "code: listed",
        "modifiers.0",
        "listed is there twice",
    ),
    "a key said twice": ("base: 100", "base: 100\nbase: 200", "base", "is said twice"),
}


def read(text: str, catalogue: Catalogue) -> RiskModel:
    document, lines = located(text)
    return model_of(document, catalogue, lines)


def refused(text: str, catalogue: Catalogue) -> tuple[Problem, ...]:
    with pytest.raises(InvalidModel) as raised:
        read(text, catalogue)
    return raised.value.problems


def line_of(written: str, text: str) -> range:
    """The lines on which this stands, from 1."""
    first = text[: text.index(written)].count("\n") + 1
    return range(first, first + written.count("\n") + 1)


def test_the_model_that_is_spoilt_here_is_a_good_one(catalogue: Catalogue) -> None:
    """Else everything below would be refused for another reason."""
    assert read(GOOD, catalogue).id == "trial@1"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_model_is_refused_with_place_line_and_reason(name: str, catalogue: Catalogue) -> None:
    """A wrong model would judge a whole city wrongly before anyone looks."""
    written, instead, place, reason = BAD[name]
    assert GOOD.count(written) >= 1
    text = GOOD.replace(written, instead, 1)

    problems = refused(text, catalogue)

    found = [each for each in problems if each.place == place and reason in each.reason]
    assert len(found) == 1, problems
    assert 1 <= found[0].line <= text.count("\n")
    if instead and not place.startswith(("scale", "dimensions", "overrides.0", "modifiers.0")):
        first = line_of(written, GOOD).start
        assert first <= found[0].line <= first + instead.count("\n")


def test_the_line_is_that_of_the_nearest_part_that_is_there(catalogue: Catalogue) -> None:
    """What is missing has no line of its own."""
    text = GOOD.replace("    citation: a rule\n", "")

    (problem,) = refused(text, catalogue)

    assert problem.line in line_of("  - code: listed", text)


def test_all_that_is_wrong_is_said_at_once(catalogue: Catalogue) -> None:
    """Nobody wants to mend a file once for each of its faults."""
    text = (
        GOOD.replace("edges: [1, 3]", "edges: [3, 1]")
        .replace("floor: D", "floor: E")
        .replace("base: 100", "base: x")
    )

    problems = refused(text, catalogue)

    assert [each.place for each in problems] == ["base", "items.0.bins.edges", "overrides.0.floor"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("code: [trial\nversion: 1\n", 2, "cannot be read as YAML"),
        ("- a list\n", 1, "is no mapping"),
        ("", 1, "is no mapping"),
        ("code: a\ncode: b\n", 2, "is said twice"),
    ],
)
def test_what_is_no_model_at_all_is_refused(text: str, line: int, reason: str, catalogue: Catalogue) -> None:
    """With the line where reading stopped."""
    (problem,) = refused(text, catalogue)

    assert (problem.line, reason in problem.reason) == (line, True)


DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("live_from", "live_to", "ends", "expected"),
    [
        (DAY - timedelta(30), None, None, ""),
        (DAY - timedelta(30), DAY - timedelta(1), None, ""),
        (DAY - timedelta(30), DAY, None, "is live up to 2026-12-01"),
        (DAY, None, None, "is live from 2026-12-01"),
        (DAY + timedelta(30), None, None, "is live from 2026-12-31"),
        (DAY + timedelta(30), None, DAY + timedelta(29), ""),
        (DAY + timedelta(30), None, DAY + timedelta(30), "is live from 2026-12-31"),
    ],
)
def test_days_that_overlap_a_live_version_are_refused(
    live_from: date, live_to: date | None, ends: date | None, expected: str, catalogue: Catalogue
) -> None:
    """Two versions of one model cannot both judge a day."""
    model = replace(read(GOOD, catalogue), version=2, valid_to=ends)
    live = replace(model, version=1, valid_from=live_from, valid_to=live_to)

    problems = overlaps(model, [live, replace(live, code="other")])

    assert [expected in each.reason for each in problems] == ([True] if expected else [])


def test_an_overlap_is_refused_with_its_line(catalogue: Catalogue) -> None:
    """Like everything else that is wrong with a file."""
    document, lines = located(GOOD)
    model = model_of(document, catalogue, lines)

    with pytest.raises(InvalidModel, match="line 6: valid_from: overlaps trial@9"):
        require_no_overlap(model, [replace(model, version=9)], lines)


def test_a_live_version_with_other_content_is_refused(general: RiskModel) -> None:
    """A model in use is never edited."""
    (problem,) = overlaps(replace(general, sha256="0" * 64), [general])

    assert (problem.place, "a change needs a new version" in problem.reason) == ("version", True)


def test_the_check_says_line_and_reason(tmp_path: Path) -> None:
    """Whoever writes a model finds its faults without a server."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace("{policy: neutral}", "{policy: netural}"), encoding="utf-8")

    said = [
        subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "classification_service.check", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        for file in (good, bad, tmp_path / "none.yaml")
    ]

    found = [json.loads(each.stdout) for each in said]
    assert [each.returncode for each in said] == [0, 1, 1]
    assert [each["usable"] for each in found] == [True, False, False]
    assert found[0]["model"] == "trial@1"
    assert (found[1]["problems"][0]["line"], found[1]["problems"][0]["place"]) == (
        21,
        "items.0.missing.policy",
    )
    assert re.match("cannot be read", found[2]["problems"][0]["reason"])
