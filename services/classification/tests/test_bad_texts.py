"""A text that is no model is refused with its line, whatever it holds, and what is taken the books give back."""

import json
from datetime import date
from typing import Any

import pytest
import yaml
from classification_service.errors import InvalidModel, Problem
from classification_service.rules.reading import located, sha256_of
from httpapi import Role
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

MANAGER = Role.MODEL_MANAGER

WRONG = {
    # name: (the text, the line refused, the reason)
    "a part repeated by an alias": ("frame: &x [1, 2]\nagain: *x", 1, "anchors and aliases"),
    "a part within itself": ("frame: &x [*x]", 1, "anchors and aliases"),
    "bytes": ("code: a\nframe: !!binary aGk=", 2, "tags have no place"),
    "a set": ("frame: !!set {a, b}", 1, "tags have no place"),
    "a thousand brackets": ("code: a\nframe: " + "[" * 5000, 2, "is more than 12 levels deep"),
    "a number for a name": ("frame:\n  1: one", 2, "names are texts"),
    "yes for a name": ("frame:\n  yes: one", 2, "names are texts"),
    "a list for a name": ("? [a]\n: one", 1, "names are texts"),
    "a merge": ("<<: {code: a}", 1, "names are texts"),
    "a name without end": ("a" * 61 + ": 1", 1, "has a name that is too long"),
    "no number": ("code: a\nlearned: {auc: .nan}", 2, "must be a number between"),
    "a number without end": ("learned: .inf", 1, "must be a number between"),
    "a number of 309 digits": ("base: " + "9" * 309, 1, "must be a number between"),
    "a number of 5000 digits": ("base: " + "9" * 5000, 1, "cannot be read"),
    "nothing with a sign": ("base: -0.0", 1, "must be 0 without a sign"),
    "a day with a time": ("valid_from: 2026-03-01 00:00:00", 1, "must be a day without a time"),
    "a day that is none": ("code: a\nvalid_from: 2026-02-30", 2, "cannot be read: 2026-02-30"),
    "an empty letter": ('zh: "a\\0"', 1, "characters that are no text"),
    "half a letter": ("zh: \ud800", 1, "characters that are no text"),
    "two documents": ("code: a\n---\ncode: b", 2, "cannot be read as YAML"),
}


def refused(written: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidModel) as raised:
        located(written)
    return raised.value.problems


@pytest.mark.parametrize("name", WRONG)
def test_what_no_model_holds_is_refused_with_its_line(name: str) -> None:
    """Somebody's slip of the hand is no failure of the service."""
    written, line, reason = WRONG[name]

    (problem,) = refused(written)

    assert (problem.line, reason in problem.reason) == (line, True), problem


def test_everything_of_that_kind_is_told_at_once() -> None:
    """Nobody wants to mend a file once for each of its faults."""
    problems = refused("base: .inf\nvalid_from: 2026-02-30\nscale: {lowest: -0.0}")

    assert [(each.place, each.line) for each in problems] == [
        ("base", 1),
        ("valid_from", 2),
        ("scale.lowest", 3),
    ]


NAMES = st.text("abcdefghij_", min_size=1, max_size=8).filter(lambda name: name not in {"", "_"})
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(10**12), 10**12),
        st.floats(-1e12, 1e12).filter(lambda number: str(number) != "-0.0"),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=10,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_is_said_is_read_as_it_is_said(document: dict[str, Any]) -> None:
    """Names, numbers and texts of any kind come through."""
    assert located(yaml.safe_dump(document)).document == document


async def test_the_books_give_back_what_was_read(sql_store: Any) -> None:
    """The hash is taken of what is read; were a number kept otherwise, no replica would start."""
    read = located(
        "a: 1000000000000\nb: 0.1\nc: 1.0e-9\nd: 1000000000000.0\ne: 1.50\nf: 信用\ng: 2026-03-01\nh: [1, -2.5, yes]\n"
    )
    assert read.document["g"] == date(2026, 3, 1)

    async with sql_store.engine.begin() as connection:
        said = json.dumps(read.document, default=str)
        kept = (await connection.execute(text("select cast(:said as jsonb)"), {"said": said})).scalar_one()

    assert sha256_of(kept) == sha256_of(read.document)


@pytest.mark.parametrize(
    "written", ["zh: a\0b", "frame: &x [*x]", "valid_from: 2026-02-30", "base: " + "9" * 400]
)
async def test_a_draft_of_any_text_is_answered(office: Any, written: str) -> None:
    """Kept with its problems, or refused; never an error of the service."""
    answer = await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": written})

    assert answer.status_code == (422 if "\0" in written else 201), answer.text
    assert "\0" in written or len(answer.json()["problems"]) == 1
