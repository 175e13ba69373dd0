"""The report on a registry, over small registers whose every figure is known. All names are fictional."""

import json
from datetime import date
from pathlib import Path

import pytest
from creditloop_cli import main
from creditloop_cli.loading.registry import COLUMNS, Row
from creditloop_cli.reporting.register import Report, report
from creditloop_cli.reporting.show import markdown
from creditloop_cli.reporting.tables import by_size
from vocabulary.uscc import synthesise

TODAY = date(2026, 1, 1)
DEFAULTS = {
    "注册日期": "2019-03-04",
    "企业类型": "N/A",
    "注册资金": "100(万元人民币)",
    "所在省份": "四川",
    "地区": "成都",
}


def _code(serial: int) -> str:
    return synthesise("9", "1", "510104", serial)


def _row(serial: int = 0, **given: str) -> Row:
    """A row of column names and values; the code follows from the serial."""
    values = {
        "企业名称": f"虚构{serial}有限公司",
        "统一社会信用代码": _code(serial),
        "法人代表编号": f"P{serial}",
        "注册地址": f"成都市锦江区虚构路{serial + 1}号1栋1层1号",
        "经营范围": "软件开发。",
    }
    fields = [(DEFAULTS | values | given).get(column, "") for column in COLUMNS]
    return Row(fields, ",".join(fields))


def _report(*rows: Row) -> Report:
    return report(rows, TODAY, lambda: None)


def _table(found: Report, key: str) -> dict[str, list[object]]:
    """The rows of a figure, by their first column."""
    table = next(table for table in found.tables if table.key == key)
    return {str(row[0]): list(row[1:]) for row in table.rows}


def test_each_kind_of_code_is_counted_once() -> None:
    """Valid, in lower case, with a wrong check character, of 15 digits."""
    wrong = _code(3)[:-1] + ("A" if _code(3)[-1] != "A" else "B")
    rows = [
        _row(1),
        _row(2, 统一社会信用代码=_code(2).lower()),
        _row(3, 统一社会信用代码=wrong[:16] + "?" + wrong[17:]),
        _row(4, 统一社会信用代码="510100123456789"),
    ]

    found = _report(*rows)

    assert {name: row[0] for name, row in _table(found, "codes").items() if row[0]} == {
        "valid": 2,
        "15 digits, the number before 2015-10": 1,
        "a character that cannot stand there": 1,
    }
    assert _table(found, "code_spelling")["lower-case letters"][0] == 1
    assert _table(found, "organisation_codes")["both"][0] == 2


def test_a_code_whose_check_fails_is_told_from_a_pilot_one() -> None:
    """The organisation code inside it has a check of its own."""
    pilot = _code(1)[:-1] + ("A" if _code(1)[-1] != "A" else "B")

    found = _report(_row(1, 统一社会信用代码=pilot), _row(2))

    assert _table(found, "codes")["pilot: only the organisation code's check character is right"][0] == 1
    assert _table(found, "organisation_codes")["the organisation code's"][0] == 1


def test_duplicates_are_rows_codes_and_names() -> None:
    """The same row twice, and the same code under another name."""
    rows = [_row(1), _row(1), _row(2), _row(2, 企业名称="虚构乙有限公司"), _row(3)]

    found = _table(_report(*rows), "duplicates")

    assert found["the same row"][:2] == [1, 1]
    assert found["the same code"][:2] == [2, 2]
    assert found["the same name"][:2] == [1, 1]
    assert found["one code with several names"][:2] == [1, 1]


def test_fields_are_counted_as_they_are_filled_and_understood() -> None:
    """N/A is nothing; an amount no one can read is given all the same."""
    rows = [
        _row(1, 注册资金="1,260(万元人民币)", 企业类型="有限责任公司"),
        _row(2, 注册资金="N/A"),
        _row(3, 注册资金="若干", 注册日期="1999年"),
        _row(4, 注册资金="50万美元", 注册日期="2026-02-01"),
        _row(5, 注册资金="1000000(万元人民币)", 注册日期="1985-05-05"),
    ]

    found = _report(*rows)

    assert _table(found, "completeness")["企业类型"] == [1, 0.2]
    assert _table(found, "completeness")["注册资金"] == [4, 0.8]
    capital = {name: row[0] for name, row in _table(found, "capital").items()}
    assert capital == {
        "readable": 3,
        "not readable": 1,
        "currency CNY": 2,
        "currency USD": 1,
        "unit 万": 3,
        "no unit": 1,
    }
    assert _table(found, "capital_sizes")["1,000,000 万 (100 亿) and more, as rows"] == [1]
    assert _table(found, "years")["no date, or not a date"][0] == 1
    assert _table(found, "years")["after today"][0] == 1
    assert _table(found, "types")["1100 有限责任公司"][0] == 1


def test_areas_tell_counties_that_no_longer_exist() -> None:
    """双流县 is 双流区 today; an address that names none is not mapped."""
    rows = [
        _row(1, 注册地址="成都市双流县虚构路1号"),
        _row(2, 注册地址="成都市双流区虚构路1号"),
        _row(3, 注册地址="成都市虚构路1号"),
    ]

    found = _table(_report(*rows), "areas")

    assert found["510116 双流区"][:3] == [2, 1, 1]
    assert found["not mapped"][0] == 1
    assert len(found) == 24


def test_industries_and_sectors_come_from_scope_and_name() -> None:
    """What says nothing is counted as such."""
    rows = [
        _row(1, 经营范围="中餐类制售。", 企业名称="虚构餐饮有限公司"),
        _row(2),
        _row(3, 经营范围="N/A", 企业名称="虚构实业有限公司"),
    ]

    found = _report(*rows)

    assert _table(found, "sections")["H 住宿和餐饮业"][0] == 1
    assert _table(found, "sections")["I 信息传输、软件和信息技术服务业"][0] == 1
    assert _table(found, "sections")["nothing inferred"][0] == 1
    assert _table(found, "sectors")["catering 餐饮服务"][0] == 1
    assert _table(found, "sectors")["in none"][0] == 2


def test_clusters_are_of_firms_not_of_branches() -> None:
    """Three firms of one person within a week with one scope; their branch is left out."""
    scope = "商务咨询；企业管理；会议服务"
    rows = [
        *(_row(i, 法人代表编号="P1", 注册日期=f"2019-03-0{i}", 经营范围=scope) for i in (1, 2, 3)),
        _row(4, 法人代表编号="P1", 企业名称="虚构1有限公司锦江分公司"),
        _row(5, 注册地址="成都市锦江区虚构路2号1幢1楼1室"),
        _row(6),
    ]

    found = _report(*rows)

    assert _table(found, "persons")["3–5"] == [1, 3]
    assert _table(found, "persons_top") == {"P1": [3]}
    assert _table(found, "rooms")["2"] == [1, 2]
    assert _table(found, "fresh_shells")["3 firms, 7 days, 80% alike"] == [1, 0, 3, 3]
    assert _table(found, "components")["3–5"] == [1, 4]
    assert _table(found, "components_top")["1"] == [4, 0.8, 0.667]


def test_an_empty_register_is_reported_as_empty() -> None:
    """A header and nothing else is a legal file."""
    found = _report()

    assert found.rows == 0
    assert markdown(found, "registry.csv").startswith("# Report on registry.csv")


def test_every_figure_is_defined_in_one_sentence() -> None:
    """Who reads a number must know what was counted."""
    tables = _report(_row(1)).tables

    assert len({table.key for table in tables}) == len(tables)
    for table in tables:
        assert table.definition.endswith(".")
        assert table.definition.count(". ") == 0
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_sizes_share_out_all_groups() -> None:
    """No group falls between two lines."""
    rows = by_size([1, 1, 2, 5, 101, 5000])

    assert sum(row[1] for row in rows) == 6
    assert sum(row[2] for row in rows) == 5110
    assert rows[-1] == ("101+", 2, 5101)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    lines = [",".join(COLUMNS), _row(1).raw, _row(2).raw, ""]
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    return path


def test_the_command_prints_one_json_object(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For machines, and nothing else on stdout."""
    assert main.run(["report", "registry", str(file), "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["rows"] == 2
    assert document["codes"]["rows"][0] == {"verdict": "valid", "rows": 2, "share": 1.0}


def test_the_command_prints_tables_or_writes_markdown(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """People read it on the screen, or keep it."""
    output = tmp_path / "report.md"

    assert main.run(["report", "registry", str(file)]) == 0
    assert "Unified social credit codes" in capsys.readouterr().out
    assert main.run(["report", "registry", str(file), "--output", str(output)]) == 0
    assert capsys.readouterr().out == ""
    assert "| valid | 2 | 100.00% |" in output.read_text(encoding="utf-8")


def test_an_output_that_cannot_be_written_is_wrong_use(file: Path, tmp_path: Path) -> None:
    """Told in one line, after the work: the file is read first."""
    assert main.run(["report", "registry", str(file), "--output", str(tmp_path / "no" / "report.md")]) == 2
