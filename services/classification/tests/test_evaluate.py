"""`python -m classification_service.evaluate`: files in, one JSON object out; on the real files, figures that hold.

The real files are in the folder ``CREDITLOOP_REAL_DATA``, or ``shared/data`` beside the checkout.
"""

import gzip
import json
import os
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from classification_service.errors import InvalidFile
from classification_service.evaluate.__main__ import main
from classification_service.evaluate.files import CONTEXT_NUMBERS, INSPECTION_FIELDS, joined, read_visits
from classification_service.model.learning import Context, Visit

FOLDER = Path(
    os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
)
REAL = (
    FOLDER / "chicago-inspections-2011-2014h1.csv.gz",
    FOLDER / "chicago-context-2011-2014h1.csv.gz",
)
on_real_files = pytest.mark.skipif(
    not all(path.exists() for path in REAL),
    reason="the real inspections are absent: set CREDITLOOP_REAL_DATA",
)
INSPECTION = ["7", "L1", "Restaurant", "Risk 1 (High)", "60601", "2014-01-02", "1", "0", "3"]
CONTEXT = ["7", "blue", "Restaurant", *["1.5"] * len(CONTEXT_NUMBERS)]
CONTEXT_HEAD = ["inspection_id", "inspector", "facility_type", *CONTEXT_NUMBERS]


def written(path: Path, head: tuple[str, ...] | list[str], *rows: list[str]) -> Path:
    text = "\n".join(",".join(row) for row in (list(head), *rows)) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def test_plain_and_gzipped_files_read_alike(tmp_path: Path) -> None:
    plain = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION)
    packed = written(tmp_path / "i.csv.gz", INSPECTION_FIELDS, INSPECTION)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    assert read_visits(plain, context) == read_visits(packed, context)


def test_a_packed_file_may_be_called_otherwise(tmp_path: Path) -> None:
    """Whoever sends it on may have dropped the ending."""
    packed = written(tmp_path / "i.csv.gz", INSPECTION_FIELDS, INSPECTION)
    renamed = packed.rename(tmp_path / "inspections")
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    assert len(read_visits(renamed, context).visits) == 1


def test_columns_in_another_order_and_more_of_them_read_alike(tmp_path: Path) -> None:
    """A later file may come from another export."""
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)
    more = written(tmp_path / "d.csv", [*CONTEXT_HEAD[::-1], "new"], [*CONTEXT[::-1], "?"])
    usual = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION)
    other = written(
        tmp_path / "j.csv",
        ["note", *(f" {name}" for name in INSPECTION_FIELDS[::-1])],
        ["", *INSPECTION[::-1]],
    )

    assert read_visits(other, more) == read_visits(usual, context)


def test_what_a_file_does_not_say_is_unknown(tmp_path: Path) -> None:
    """No licence number, no risk, an empty column: not zero, and not another's history."""
    row = [*INSPECTION]
    row[1], row[3], row[4] = "0", "", "NA"
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, row)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD[:4], ["7", "NA", "Restaurant", ""])

    (visit,) = read_visits(inspections, context).visits

    assert (visit.licence, visit.area, isnan(visit.risk)) == ("visit 7", "", True)
    assert visit.context is not None
    assert visit.context.inspector == ""
    assert all(isnan(value) for value in visit.context.columns.values())


def test_an_inspection_whose_outcome_nobody_knows_is_left_out_and_counted(tmp_path: Path) -> None:
    """It can neither be ranked nor be history; what was known of it has no inspection any more."""
    unknown = ["8", *INSPECTION[1:6], "", "0", "3"]
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION, unknown)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT, ["9", *CONTEXT[1:]])

    read = read_visits(inspections, context)

    assert ([visit.visit_id for visit in read.visits], read.without_outcome, read.context_alone) == (
        ["7"],
        1,
        1,
    )


def test_minor_findings_may_be_unknown(tmp_path: Path) -> None:
    """The inspection is ranked by its critical ones all the same."""
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, [*INSPECTION[:7], "NA", ""])
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    (visit,) = read_visits(inspections, context).visits

    assert (visit.critical, isnan(visit.serious), isnan(visit.minor)) == (1, True, True)


def day(number: int, of: str, critical: int = 0, *, seen: bool = True) -> Visit:
    context = Context("blue", "Restaurant", {}) if seen else None
    return Visit(of, "L1", number, "60601", "Restaurant", 1.0, critical, 0.0, 0.0, context)


def test_earlier_files_fill_what_lies_before_the_files_given() -> None:
    """What the files given cover stays as they have it, also where they have less."""
    earlier = [day(1, "a"), day(2, "b"), day(4, "c"), day(5, "gone"), day(6, "d")]
    given = [day(4, "c", 2, seen=False), day(6, "d", seen=True), day(8, "e", seen=False)]

    visits, taken = joined(given, earlier)

    assert [(each.visit_id, each.critical, each.context is not None) for each in visits] == [
        *[("a", 0, True), ("b", 0, True), ("c", 2, True), ("d", 0, True), ("e", 0, False)]
    ]
    assert taken == 3


def test_files_that_cover_the_same_time_take_nothing_from_the_earlier_ones() -> None:
    given = [day(1, "a"), day(3, "b", seen=False)]

    assert joined(given, [day(1, "a", 5), day(2, "x"), day(3, "b")]) == (given, 0)


WRONG = [
    (5, "2014-13-01", "line 2: inspection_date: '2014-13-01' is no day"),
    (6, "-1", "line 2: critical_violations: '-1' is no count"),
    (7, "many", "line 2: serious_violations: 'many' is no number"),
    (8, "1.5", "line 2: minor_violations: '1.5' is no count"),
    (0, "", "line 2: inspection_id: '' is empty or there twice"),
]


@pytest.mark.parametrize(("place", "value", "said"), WRONG)
def test_a_bad_value_is_named_by_line_and_field(tmp_path: Path, place: int, value: str, said: str) -> None:
    row = [*INSPECTION]
    row[place] = value
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, row)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    with pytest.raises(InvalidFile, match=said):
        read_visits(inspections, context)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS[:-1], INSPECTION[:-1])
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    with pytest.raises(InvalidFile, match="line 1: minor_violations: there is no such column"):
        read_visits(inspections, context)


def test_an_inspection_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION, INSPECTION)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    with pytest.raises(InvalidFile, match="line 3: inspection_id: '7'"):
        read_visits(inspections, context)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00nonsense", b"inspection_id,license\n1,2,3\n", b""])
@pytest.mark.parametrize("name", ["i.csv", "i.csv.gz"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    """Of another encoding, with other columns, empty, or no gzip though its name says so."""
    inspections = tmp_path / name
    inspections.write_bytes(content)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    with pytest.raises(InvalidFile, match="line 1"):
        read_visits(inspections, context)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(arguments)
    return code, json.loads(capsys.readouterr().out)


def test_files_that_teach_nothing_are_said_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object, the reason in it, and no trace."""
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)
    window = ("--train-until=2013-06-30", "--test-from=2013-07-01")

    code, document = asked(capsys, "chicago", f"--inspections={inspections}", f"--context={context}", *window)

    assert code == 1
    assert "too few to learn from" in document["problem"]


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (("--train-until=2013-06-30", "--test-from=2013-06-30"), "test_from: 2013-06-30 is not after"),
        (
            ("--train-until=2013-06-30", "--test-from=2013-07-02", "--test-to=2013-07-01"),
            "test_to: 2013-07-01",
        ),
    ],
)
def test_days_that_contradict_each_other_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], window: tuple[str, ...], said: str
) -> None:
    """Ranking what was learned from would flatter."""
    inspections = written(tmp_path / "i.csv", INSPECTION_FIELDS, INSPECTION)
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)

    code, document = asked(capsys, "chicago", f"--inspections={inspections}", f"--context={context}", *window)

    assert (code, said in document["problem"]) == (1, True)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = written(tmp_path / "c.csv", CONTEXT_HEAD, CONTEXT)
    window = ("--train-until=2013-06-30", "--test-from=2013-07-01")

    code, document = asked(
        capsys, "chicago", f"--inspections={tmp_path / 'none.csv'}", f"--context={context}", *window
    )

    assert (code, "none.csv" in document["problem"]) == (1, True)


@on_real_files
@pytest.mark.timeout(600)
def test_on_real_inspections_the_figures_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Held to validation, which chose by what lies before the test period; of that only that it beats the baselines."""
    report, scorecard = tmp_path / "report.html", tmp_path / "scorecard.yaml"
    files = (
        f"--inspections={REAL[0]}",
        f"--context={REAL[1]}",
        f"--report={report}",
        f"--scorecard={scorecard}",
    )
    window = ("--train-until=2013-06-30", "--test-from=2013-07-01")

    code, document = asked(capsys, "chicago", *files, *window)

    assert code == 0
    assert (document["train"]["n"], document["test"]["n"]) == (10_927, 6_148)
    known, alone = document["with_inspector"], document["without_inspector"]
    last = document["validation"]["folds"][-1]
    assert document["validation"]["merit"] > 0.655
    assert (last["with_inspector"] > 0.71, last["without_inspector"] > 0.59) == (True, True)
    assert known["auc"] > document["plain_logistic"]["auc"]
    assert known["first_half_share"] > document["plain_logistic"]["first_half_share"]
    assert alone["auc"] > document["plain_logistic_without_inspector"]["auc"]
    assert alone["auc"] > document["past_critical_violations"]["auc"]
    assert known["history_frozen_at_train_until"]["n"] == 6_148
    assert document["as_visited_first_half_share"] == pytest.approx(0.471, abs=0.001)
    assert report.read_text(encoding="utf-8").count("<svg") > 10
    assert scorecard.read_text(encoding="utf-8").startswith("scorecard: chicago-food@1")


@on_real_files
@pytest.mark.timeout(600)
def test_a_later_file_alone_is_ranked_by_what_earlier_files_taught(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later period comes in files of its own; learned is from the earlier ones, and nothing is there twice."""
    later = []
    for path in REAL:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head, *rows = file.read().splitlines()
        place = head.split(",").index("inspection_date")
        kept = [row for row in rows if row.split(",")[place] >= "2014-03-01"]
        later.append(tmp_path / path.name.removesuffix(".gz"))
        later[-1].write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    earlier = (f"--earlier-inspections={REAL[0]}", f"--earlier-context={REAL[1]}")
    window = ("--train-until=2013-06-30", "--test-from=2014-03-01", "--test-to=2014-04-16")

    code, document = asked(
        capsys, "chicago", f"--inspections={later[0]}", f"--context={later[1]}", *earlier, *window
    )

    assert code == 0
    assert (document["train"]["n"], document["test"]["n"]) == (10_927, 1_089)
    assert document["trained_on"] == "the files given and the earlier files"
