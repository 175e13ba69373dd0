"""The entity's workbook: it says what the page says, in the page's language."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from console_service.http_api.workbook import workbook
from console_service.rules.cells import CHINA
from console_service.rules.particulars import told
from console_service.rules.words import Words
from console_service.store.packs import shipped_words
from console_service.upstream.entity import EntityFile
from console_world import World, entries_of
from little_service import SHOP
from openpyxl import Workbook, load_workbook
from workbook_examples import EXAMPLES, FILE, MADE, NAMES

USCC = "91510104YY0000079X"


def _words(language: str) -> Words:
    names = {kind: {each["code"]: each for each in rows} for kind, rows in NAMES.items()}
    return Words(language, shipped_words(), names)


def _book(language: str, file: EntityFile = FILE) -> Workbook:
    return load_workbook(io.BytesIO(workbook(file, _words(language), MADE)))


def _row(book: Workbook, sheet: str, number: int = 2) -> dict[str, Any]:
    """A row of a sheet by its headings; empty cells are left out."""
    page = book[sheet]
    cells = zip(page[1], page[number], strict=True)
    return {str(head.value): cell.value for head, cell in cells if cell.value is not None}


def _lines(book: Workbook, sheet: str) -> dict[str, Any]:
    return {str(row[0].value): row[1].value for row in book[sheet].iter_rows(min_row=2)}


def _instant(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - Excel knows no zones


@pytest.mark.parametrize("case", EXAMPLES["cases"], ids=lambda case: case["why"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_particulars_read_as_on_the_page(case: dict[str, Any], language: str) -> None:
    """The page's tests hold `kit/factText.ts` to the same examples."""
    said = told(case["particulars"], _words(language), case.get("type", ""))

    assert [list(pair) for pair in said] == case[language]


@pytest.mark.parametrize("pack", sorted(shipped_words()))
def test_every_code_has_a_word_in_both_languages(pack: str) -> None:
    words = shipped_words()[pack]

    assert words["zh"].keys() == words["en"].keys()
    assert all([*words["zh"].values(), *words["en"].values()])


def test_the_first_sheet_says_that_it_is_internal_who_made_it_when_and_who_the_entity_is() -> None:
    book = _book("zh")

    assert book["主体"]["A1"].value == "内部资料，不得向主体、平台或社会公开类别与得分"
    assert _lines(book, "主体") == {
        "导出时间（北京时间）": _instant(2026, 11, 27, 13, 30),
        "导出人": "安娜",
        "统一社会信用代码": USCC,
        "名称": "虚构店",
        "主体类型": "有限责任公司（自然人独资）",
        "状态": "存续",
        "辖区（区划代码）": "高新区（5101Z1）",
        "行业": "F5212 批发和零售业（按经营范围推断）",
        "注册资本（元）": 10_000_000,
        "成立日期": _instant(2021, 3, 1),
        "法定代表人": "p-1",
        "入驻平台": "mall、market",
        "所属重点行业": "食品",
        "住所": "虚构路1号",
        "信用风险类别": "C（信用风险较高）",
        "风险得分": 512.5,
        "标记": "新设观察期、人工调整",
        "模型": "通用模型（第 1 版）",
        "判定时间（北京时间）": _instant(2026, 11, 27, 0, 30),
        "说明": "该主体风险较高。",
    }


def test_the_first_sheet_is_english_on_an_english_page() -> None:
    heads = ("Entity type", "Status", "Area (code)", "Class", "Marks", "Model", "In words")
    lines = _lines(_book("en"), "Entity")

    assert lines["Exported at (China time)"] == _instant(2026, 11, 27, 13, 30)
    assert [lines[head] for head in heads] == [
        "Company of one person",
        "Active",
        "High-tech Zone (5101Z1)",
        "C (elevated risk)",
        "Observation year, Set by a person",
        "General model, version 1",
        "Its risk is elevated.",
    ]


def test_indicators_are_written_as_their_units_are() -> None:
    page = _book("zh")["指标明细"]

    assert [[cell.value for cell in row[:4]] for row in page.iter_rows(min_row=2)] == [
        ["许可有效", "是", None, -2],
        ["合格率", 0.125, None, 3.25],
        ["年限", 5, "年", 0],
    ]
    assert [page[place].number_format for place in ("B3", "B4", "D3")] == ["#,##0.0%", "#,##0", "#,##0.00"]
    assert _row(_book("en"), "Indicators")["Indicator"] == "Licensed"


def test_facts_say_what_they_say_on_the_page() -> None:
    assert _row(_book("zh"), "归集信息") == {
        "类型": "行政许可",
        "发生时间（北京时间）": _instant(2026, 6, 2, 0, 30),
        "计入": "否",
        "内容": "许可种类：食品生产许可\n有效期至：2029-07-29",
        "来源": "registry",
        "信息编号": "F-1",
    }
    assert _row(_book("en"), "Facts")["Particulars"] == "Licence: food production\nValid until: 2029-07-29"


def test_warnings_inspections_records_and_letters_are_told_in_words() -> None:
    book = _book("zh")

    assert _row(book, "预警") == {
        "类别": "列入名录、名单",
        "级别": "紧急",
        "建议措施": "责令改正",
        "状态": "待处置",
        "证据": "registry|F-1\nregistry|F-2",
        "编号": "S-1",
    }
    assert _row(book, "检查任务") == {
        "抽取编号": "D-1",
        "事项": "公示信息检查、登记事项检查",
        "检查人员": "i-1、i-2",
        "状态": "已派发",
        "检查结果": "未发现问题",
    }
    assert _row(book, "失信记录") == {
        "种类": "经营异常名录",
        "列入事由": "通过登记住所无法联系",
        "失信程度": "名录名单",
        "公示起": _instant(2026, 6, 1),
        "状态": "公示中",
        "编号": "007",
    }
    assert _row(book, "失信记录", 3) == {
        "种类": "行政处罚",
        "处罚种类": "罚款、警告",
        "违法行为": "卫生不符合要求",
        "失信程度": "不予公示",
        "罚款（元）": 1.5,
        "状态": "不公示",
        "编号": "008",
    }
    assert _row(book, "文书") == {
        "标题": "信用修复告知书",
        "日期": _instant(2026, 6, 2),
        "渠道": "文书交换目录",
        "状态": "已送达",
    }


def test_they_are_english_on_an_english_page() -> None:
    book = _book("en")

    said = {
        "Warnings": ["Entered on a list", "alarm", "order a correction", "to do"],
        "Inspections": ["Publicised information, registered particulars", "assigned", "no problem found"],
        "Records": ["Abnormal list", "unreachable at its address", "listing", "published"],
        "Notices": ["Repair notice", "outbox folder", "delivered"],
    }
    for sheet, words in said.items():
        assert set(words) <= set(_row(book, sheet).values())


def test_a_code_without_a_word_stays_as_it_is() -> None:
    """A workbook of today must not fail at a code of tomorrow."""
    facts = [{"type": "moon_landed", "particulars": {"crater": "tycho"}}]
    signals = [{"family": "f", "severity": "s", "suggested_step": "p", "state": "q"}]
    lists = {**FILE.lists, "facts": facts, "signals": signals}
    entity = {"status": "dormant", "area_code": "1", "entity_type": "2", "industry": "Z9", "sectors": ["x"]}
    book = _book("zh", replace(FILE, entity=entity, explained={}, lists=lists))

    lines = _lines(book, "主体")
    assert [lines[head] for head in ("状态", "辖区（区划代码）", "主体类型", "行业", "所属重点行业")] == [
        *("dormant", "1（1）", "2", "Z9 Z", "x")
    ]
    assert _row(book, "归集信息") == {"类型": "moon_landed", "内容": "crater：tycho"}
    assert list(_row(book, "预警").values()) == ["f", "s", "p", "q"]


def test_columns_fit_and_long_text_is_wrapped() -> None:
    notice = {**FILE.lists["notices"][0], "text": "字" * 500}
    page = _book("zh", replace(FILE, lists={**FILE.lists, "notices": [notice]}))["文书"]

    assert page.column_dimensions["A"].width == pytest.approx(16, abs=1)
    assert page.column_dimensions["F"].width == pytest.approx(60, abs=1)
    assert page["F2"].alignment.wrap_text is True


async def test_a_workbook_is_made_of_what_the_services_tell_and_named_for_its_entity(world: World) -> None:
    world.asked.items["items"] = [{"code": "ours", "zh": "我市事项", "en": "City item"}]
    world.asked.items["families"] = [{"code": "listed", "zh": "列入名单", "en": "Listed"}]
    world.asked.items["tasks"] = [{"items": ["ours", "advertising"]}]
    world.asked.items["signals"] = [{"family": "listed"}]
    before = datetime.now(UTC)
    async with world.as_("ann") as browser:
        answer = await browser.get(f"/api/entities/{USCC}/report.xlsx?language=en")

    book = load_workbook(io.BytesIO(answer.content))
    assert _row(book, "Inspections")["Items"] == "City item, advertising"
    assert _row(book, "Warnings")["Family"] == "Listed"
    assert _lines(book, "Entity")["Exported by"] == "安娜"
    assert "(510104)" in _lines(book, "Entity")["Area (code)"]
    day = before.astimezone(CHINA).date()
    plain, written = answer.headers["content-disposition"].split("; ")[1:]
    assert plain == f'filename="{USCC}_{day}.xlsx"'
    assert unquote(written) == f"filename*=UTF-8''=11店_{USCC}_{day}.xlsx"


async def test_a_workbook_has_dates_as_dates_codes_as_text_and_no_formulas(world: World) -> None:
    world.asked.items["records"] = [{"record_id": "007", "fine_fen": 150, "kind": "penalty"}]
    world.asked.items["facts"] = [
        {"type": "t", "fact_id": "=cmd|'/c calc'!A1", "occurred_at": "2026-06-01T16:30:00Z"}
    ]
    async with world.as_("bob") as browser:
        answer = await browser.get(f"/api/entities/{USCC}/report.xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["主体", "指标明细", "归集信息", "预警", "检查任务", "失信记录", "文书"]
    lines = _lines(book, "主体")
    assert [lines[head] for head in ("统一社会信用代码", "名称", "成立日期", "注册资本（元）")] == [
        *(USCC, "=1/1:\u202e店", _instant(2021, 3, 1), 1)
    ]
    assert {cell.data_type for cell in book["主体"]["B"] if cell.value == "=1/1:\u202e店"} == {"s"}
    assert (book["归集信息"]["G2"].value, book["归集信息"]["G2"].data_type) == ("=cmd|'/c calc'!A1", "s")
    assert (_row(book, "失信记录")["编号"], _row(book, "失信记录")["罚款（元）"]) == ("007", 1.5)


async def test_a_workbook_is_limited_by_area_and_logged(world: World) -> None:
    async with world.as_("wu") as other, world.as_("audit") as auditor:
        refused = await other.get(f"/api/entities/{SHOP}/report.xlsx")
        entries = await entries_of(auditor, 1)

    assert refused.status_code == 404
    assert (entries[0]["service"], entries[0]["entity"], entries[0]["status"]) == ("console", SHOP, None)
