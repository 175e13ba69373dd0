"""Reading the registry's CSV."""

import gzip
import os
from pathlib import Path

import msgspec
import pytest
from creditloop_cli.errors import WrongUse
from creditloop_cli.loading import registry

HEADER = ",".join(registry.COLUMNS)
PLAIN = "虚构甲公司,91510104YY000001XM,1999-03-04,有限责任公司,P1,66(万元人民币),卖茶,四川,成都,成都市双流县文星镇1号"
EXPECTED_ROWS = 30_421


def _file(folder: Path, *rows: str, end: str = "\r\n") -> Path:
    path = folder / "registry.csv"
    path.write_text(end.join([HEADER, *rows, ""]), encoding="utf-8", newline="")
    return path


def _events(path: Path) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for _, batch in registry.batches(path, 2) for line in batch.lines]


def test_a_row_becomes_what_it_says_and_no_more(tmp_path: Path) -> None:
    """No invented fact is ever attached to a real business."""
    (event,) = _events(_file(tmp_path, PLAIN))

    assert event["subject"] == "91510104YY000001XM"
    assert event["time"] == "1999-03-04T00:00:00+08:00"
    assert event["data"] == {
        "name": "虚构甲公司",
        "entity_type": "1100",
        "established_on": "1999-03-04",
        "registered_capital_fen": 66_000_000,
        "area_code": "510116",
        "address": "成都市双流县文星镇1号",
        "legal_person_ref": "P1",
        "business_scope": "卖茶",
    }


def test_commas_and_quotes_inside_fields_are_read(tmp_path: Path) -> None:
    """Money with thousands and scopes with quotes are quoted in the file."""
    row = '虚构乙公司,91510104YY000001XM,1999-03-04,N/A,P1,"1,260(万元人民币)","茶,""好茶""",四川,成都,N/A'

    (event,) = _events(_file(tmp_path, row))

    assert event["data"]["registered_capital_fen"] == 1_260_000_000
    assert event["data"]["business_scope"] == '茶,"好茶"'
    assert "address" not in event["data"]
    assert "entity_type" not in event["data"]


def test_a_row_over_two_lines_is_one_row(tmp_path: Path) -> None:
    """A line feed inside quotes is legal CSV."""
    row = '虚构丙公司,91510104YY000001XM,1999-03-04,N/A,P1,N/A,"茶\n好茶",四川,成都,N/A'

    rows = list(registry.read_rows(_file(tmp_path, row, PLAIN)))

    assert [each.raw for each in rows] == [row, PLAIN]


def test_a_code_that_is_not_plainly_valid_goes_as_found_with_its_row(tmp_path: Path) -> None:
    """The server judges; what it quarantines must keep the original."""
    row = PLAIN.replace("91510104YY000001XM", "510100123456789")

    (event,) = _events(_file(tmp_path, row))

    assert event["subject"] == "510100123456789"
    assert event["originalrow"] == row


def test_a_lower_case_code_is_sent_as_found(tmp_path: Path) -> None:
    """Normalising is the server's, so that every way in behaves alike."""
    (event,) = _events(_file(tmp_path, PLAIN.replace("YY000001XM", "yy000001xm")))

    assert event["subject"] == "91510104yy000001xm"


def test_a_row_that_is_too_short_is_sent_for_quarantine(tmp_path: Path) -> None:
    """A broken row is accounted for, not skipped."""
    (event,) = _events(_file(tmp_path, "只有名称"))

    assert event["subject"] == ""
    assert "time" not in event
    assert event["originalrow"] == "只有名称"


def test_an_impossible_date_leaves_the_time_out(tmp_path: Path) -> None:
    """A fact without a time is quarantined; one with a wrong form would be rejected."""
    (event,) = _events(_file(tmp_path, PLAIN.replace("1999-03-04", "1999年3月")))

    assert "time" not in event
    assert "established_on" not in event["data"]


def test_the_same_row_is_the_same_fact(tmp_path: Path) -> None:
    """A second load must be all duplicates, also from a copy with other line ends."""
    one = _events(_file(tmp_path, PLAIN))
    other = _events(_file(tmp_path, PLAIN, end="\n"))

    assert one[0]["id"] == other[0]["id"]


def test_gzip_is_read_by_its_content(tmp_path: Path) -> None:
    """The name of a file proves nothing."""
    path = tmp_path / "registry.csv"
    path.write_bytes(gzip.compress(f"{HEADER}\r\n{PLAIN}".encode()))

    assert len(_events(path)) == 1


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_another_csv_is_wrong_use(tmp_path: Path, text: str) -> None:
    """One clear line, before anything is posted."""
    path = tmp_path / "other.csv"
    path.write_text(text)

    with pytest.raises(WrongUse, match="is not the registry's CSV"):
        list(registry.read_rows(path))


def test_a_broken_gzip_is_told_with_its_line(tmp_path: Path) -> None:
    """A download that stopped half-way is common."""
    path = tmp_path / "registry.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\r\n{PLAIN}\r\n".encode())[:-20])

    with pytest.raises(WrongUse, match=r"registry\.csv\.gz, line"):
        list(registry.read_rows(path))


def real_file(name: str) -> Path:
    """A file of the real data, or the test is skipped with its reason."""
    folder = os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
    path = Path(folder) / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: name its folder in CREDITLOOP_REAL_DATA")
    return path


def test_the_real_registry_has_all_its_rows() -> None:
    """30,421 rows, each of ten fields, whatever is inside them."""
    rows = list(registry.read_rows(real_file("chengdu-registry.csv.gz")))

    assert len(rows) == EXPECTED_ROWS
    assert {len(row.fields) for row in rows} == {len(registry.COLUMNS)}
    assert len({registry.row_id(row) for row in rows}) == 30_414
