"""Reading the City of Chicago's inspections."""

import os
from pathlib import Path

import msgspec
import pytest
from creditloop_cli.errors import WrongUse
from creditloop_cli.loading import inspections
from vocabulary.result_codes import counts_in_denominator, problem_found
from vocabulary.uscc import FICTIONAL_BODY, is_valid

INSPECTIONS = """inspection_id,license,inspection_date,result,critical_violations,serious_violations,minor_violations
2,77,2012-05-01,Fail,1,0,2
1,77,2011-09-02,Pass,0,0,3
3,88,2012-01-01,Pass w/ Conditions,0,1,0
"""
CONTEXT = """inspection_id,license,inspection_date,licence_age_years
1,77,2011-09-02,2.0
2,77,2012-05-01,2.66
"""


def _files(folder: Path, text: str = INSPECTIONS) -> tuple[Path, Path]:
    one, other = folder / "inspections.csv", folder / "context.csv"
    one.write_text(text)
    other.write_text(CONTEXT)
    return one, other


def _events(folder: Path, text: str = INSPECTIONS) -> list[dict[str, object]]:
    placed = inspections.batches(*_files(folder, text), 2)
    return [msgspec.json.decode(line) for _, batch in placed for line in batch.lines]


def test_facts_come_in_order_of_time_and_registration_first(tmp_path: Path) -> None:
    """The review judges in time order; what comes later must not be known before."""
    events = _events(tmp_path)

    assert [event["id"] for event in events] == [
        "licence-77",
        "inspection-1",
        "licence-88",
        "inspection-3",
        "inspection-2",
    ]


def test_a_licence_is_a_synthetic_entity_that_says_so(tmp_path: Path) -> None:
    """It must never be taken for a Chinese business, and nothing about it is made up."""
    known, unknown = (e for e in _events(tmp_path) if str(e["id"]).startswith("licence"))

    assert known["data"] == {"name": "Chicago licence 77", "established_on": "2009-09-02"}
    assert unknown["data"] == {"name": "Chicago licence 88"}
    assert is_valid(str(known["subject"]))
    assert str(known["subject"])[8:10] == FICTIONAL_BODY


@pytest.mark.parametrize(
    ("result", "problem", "counts"),
    [
        ("Pass", False, True),
        ("Fail", True, True),
        ("Pass w/ Conditions", True, True),
        ("Out of Business", False, False),
        ("No Entry", False, False),
        ("Not Ready", False, False),
    ],
)
def test_results_mean_what_the_mapping_says(result: str, problem: bool, counts: bool) -> None:  # noqa: FBT001
    """The discovery rate rests on this."""
    code = inspections.result_code(result)

    assert problem_found([code]) is problem
    assert counts_in_denominator([code]) is counts


def test_an_unknown_result_stops_before_anything_is_posted(tmp_path: Path) -> None:
    """A guess would be an invented fact."""
    with pytest.raises(WrongUse, match="unknown inspection result"):
        _events(tmp_path, INSPECTIONS.replace("Fail", "Perhaps"))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """The two files are easily swapped."""
    one, other = _files(tmp_path)

    with pytest.raises(WrongUse, match="has no column"):
        list(inspections.batches(other, one, 2))


def test_the_real_inspections_are_all_there() -> None:
    """22,843 inspections of 11,537 licences, in order of time."""
    folder = os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
    names = ("chicago-inspections-2011-2014h1.csv.gz", "chicago-context-2011-2014h1.csv.gz")
    one, other = (Path(folder) / name for name in names)
    if not one.is_file() or not other.is_file():
        pytest.skip(f"{names[0]} is not here: name its folder in CREDITLOOP_REAL_DATA")

    events = [
        msgspec.json.decode(line)
        for _, batch in inspections.batches(one, other, 1000)
        for line in batch.lines
    ]

    kinds = [event["id"].partition("-")[0] for event in events]
    assert (kinds.count("inspection"), kinds.count("licence")) == (22_843, 11_537)
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
