"""Records of dishonesty and objections on the screen are those of the services, cell for cell."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from reading import NOTHING, counted, described, due, every, items, moment, money, on_lines, rows, words

PageAs = Callable[..., Page]
Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Record = dict[str, Any]

ME, FILER, DECIDER = "city_administrator", "repair_officer", "approver"
AREA = "510105"
WORDS, VALUES = words("floors/repair/text.ts"), words("i18n/factValues.ts")
KINDS = ("penalty", "abnormal_listing", "serious_listing")
GROUND = "核对数值"


def state_told(record: Record) -> str:
    """Whether it is public: what is in effect and never published is not."""
    if (record["state"], record["tier"]) == ("open", "never_published"):
        return "不公示"
    return WORDS[f"state_{record['state']}"]


def apply_told(record: Record, today: str) -> str:
    """From when repair may be applied for."""
    day = record["apply_from"]
    if day is None:
        return "不得提前" if record["tier"] == "serious_no_early" else NOTHING
    return f"{day} 可申请" if record["state"] == "open" and day <= today else str(day)


def stops_told(record: Record) -> str:
    """When publicity stops, or stopped."""
    day = record["stopped_on"] or record["stops_on"]
    return str(day or ("移出前持续公示" if record["tier"] == "listing" else NOTHING))


def row_told(record: Record, area_names: dict[str, str], today: str) -> list[str]:
    """A record as a row of the list."""
    return [
        f"{record['name']} {area_names[record['area_code']]}",
        f"{record['document_number'] or '无文号'} {VALUES[record['violation'] or record['reason']]}",
        WORDS[f"kind_{record['kind']}"],
        WORDS[f"tier_{record['tier']}"],
        record["decided_on"],
        apply_told(record, today),
        stops_told(record),
        state_told(record),
    ]


@pytest.mark.page("/repair/records")
@pytest.mark.parametrize("area", ["", AREA])
def test_of_each_kind_there_are_as_many_as_are_listed(area: str, page_as: PageAs, ask: Ask) -> None:
    """In the city and in one area; a click lists just these."""
    limit = f"&area={area}" if area else ""
    page = page_as(ME)

    page.goto(f"/repair/records?{limit}")

    figures = page.locator("button.figure")
    expect(figures.filter(has_text=re.compile(r"\d"))).to_have_count(len(KINDS))
    assert items(figures) == [
        f"{WORDS[f'kind_{kind}']} · 有效 {counted(len(every(ask, f'repair/v1/records?kind={kind}&state=open{limit}')))}"
        for kind in KINDS
    ]


@pytest.mark.page("/repair/records")
@pytest.mark.parametrize(
    ("shown", "asked"),
    [("", "state=open"), ("state=all&kind=penalty", "kind=penalty"), ("state=stopped", "state=stopped")],
)
def test_records_are_listed_as_the_service_lists_them(
    shown: str, asked: str, page_as: PageAs, ask: Ask, area_names: dict[str, str], today: str
) -> None:
    """Document, kind, tier, days, state."""
    told = ask(f"repair/v1/records?limit=50&{asked}")["items"]
    page = page_as(ME)

    page.goto(f"/repair/records?{shown}")

    place = page.get_by_role("region", name="失信记录列表")
    expect(place.locator("tbody tr.ant-table-row")).to_have_count(len(told))
    expect(place.get_by_text(area_names[told[0]["area_code"]]).first).to_be_visible()
    assert on_lines(rows(place)) == [row_told(record, area_names, today) for record in told]


@pytest.mark.page("/repair/records")
def test_a_record_of_each_tier_tells_its_days_amounts_and_letters(
    page_as: PageAs, ask: Ask, area_names: dict[str, str], today: str
) -> None:
    """By which rule it is public, until when, what repair takes, what its entity was told."""
    page = page_as(ME)
    kinds = {(each["kind"], each["tier"], each["state"]): each for each in every(ask, "repair/v1/records?")}
    for record in kinds.values():
        page.goto(f"/repair/records?state=all&record={record['record_id'].replace('|', '%7C')}")
        drawer = page.get_by_role("dialog", name="失信记录")
        expect(drawer.get_by_text(moment(record["recorded_at"]))).to_be_visible()
        expect(drawer.locator(".ant-skeleton")).to_have_count(0)
        expect(drawer.get_by_text(area_names[record["area_code"]], exact=True)).to_be_visible()
        assert dict(described(drawer)) == record_told(record, area_names, today), record["record_id"]
        assert items(drawer.locator(".conditions li")) == [WORDS[code] for code in record["conditions"]]
        letters = ask(f"notification/v1/notices?uscc={record['uscc']}&limit=200")["items"]
        assert items(drawer.locator("ul.plain li")) == [
            f"{each['issued_on']} {each['title_zh']} {WORDS[each['state']]} 查看"
            for each in letters
            if each["origin_id"].startswith(f"{record['record_id']}|")
        ]


def record_told(record: Record, area_names: dict[str, str], today: str) -> dict[str, str]:
    """What the drawer says of a record."""
    told = {
        "经营主体": record["name"],
        "辖区": area_names[record["area_code"]],
        "文号": record["document_number"] or "无文号",
        "记录种类": " · ".join(WORDS[f"{each}_{record[each]}"] for each in ("kind", "tier")),
        "状态": state_told(record),
        "决定日期": record["decided_on"],
        "公示日期": record["published_on"] or "不公示",
        "可申请修复日": apply_told(record, today),
        "停止公示日" if record["stopped_on"] else "届满日": stops_told(record),
        "依据": record["citation"],
        "归集时间": moment(record["recorded_at"]),
    }
    if record["kind"] == "penalty":
        told |= {
            "违法行为": VALUES[record["violation"]],
            "处罚种类": "、".join(VALUES[kind] for kind in record["penalty_kinds"]),
            "罚款": money(record["fine_fen"]),
            "没收": money(record["confiscated_fen"]),
            "作出机关": record["authority"] or NOTHING,
        }
    else:
        told |= {"列入事由": VALUES[record["reason"]]}
    if record["restriction_until"]:
        told |= {"限制期限至": record["restriction_until"]}
    if record["stop_reason"]:
        told |= {
            "停止原因": WORDS[f"stop_{record['stop_reason']}"],
            "停止依据": record["stop_citation"] or NOTHING,
        }
    return told


@pytest.fixture(scope="module")
def objections(api: Api, ask: Ask, today: str) -> Iterator[list[int]]:
    """One that waits, one whose term is over, one upheld, one rejected; none is left overdue.

    They are to the oldest records: a repair officer's journey objects to the newest.
    """
    long_ago = (date.fromisoformat(today) - timedelta(days=60)).isoformat()
    tomorrow = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    records = reversed(every(ask, "repair/v1/records?state=open"))
    waits, overdue, upheld, rejected = (filed(api, records, day) for day in (today, long_ago, today, today))
    decide(api, upheld, {"upheld": True, "must_happen": "更正罚款金额", "rests_until": tomorrow})
    decide(api, rejected, {"upheld": False})
    yield [waits, overdue, upheld, rejected]
    decide(api, overdue, {"upheld": False})


def filed(api: Api, records: Iterator[Record], day: str) -> int:
    """The number of an objection to the next record that gave its entity points."""
    for record in records:
        order = {"uscc": record["uscc"], "record": record["record_id"], "indicators": []}
        order |= {"ground": GROUND, "evidence": [record["record_id"], "决定书"], "filed_on": day}
        answer = api(FILER).post("/api/classification/v1/objections", json=order)
        if answer.status_code == 201:
            return int(answer.json()["number"])
    raise AssertionError("no record is left to object to")


def decide(api: Api, number: int, ruling: dict[str, Any]) -> None:
    """The objection is decided by another than who filed it."""
    order = {"reason": GROUND, "must_happen": "", "rests_until": None} | ruling
    api(DECIDER).post(f"/api/classification/v1/objections/{number}/decide", json=order).raise_for_status()


@pytest.mark.page("/repair/objections")
def test_objections_are_listed_as_the_service_lists_them(
    page_as: PageAs, ask: Ask, objections: list[int], today: str
) -> None:
    """Those that wait, those overdue, those decided: whose, to what, and by when."""
    page = page_as(ME)
    seen: set[int] = set()
    for tab, asked in (
        ("open", "state=open"),
        ("overdue", "overdue=true"),
        ("upheld", "state=upheld"),
        ("rejected", "state=rejected"),
    ):
        told = ask(f"classification/v1/objections?limit=50&{asked}")["items"]
        page.goto(f"/repair/objections?tab={tab}")
        place = page.get_by_role("region", name="异议列表")
        expect(place.locator("tbody tr.ant-table-row")).to_have_count(len(told))
        expect(place.get_by_role("link").filter(has_text="虚构")).to_have_count(len(told))
        assert on_lines(rows(place)) == [objection_told(each, ask, today) for each in told], tab
        seen |= {each["number"] for each in told}
    assert set(objections) <= seen


def objection_told(row: dict[str, Any], ask: Ask, today: str) -> list[str]:
    """An objection as a row of the list."""
    name = ask(f"profiling/v1/entities/{row['uscc']}")["name"]
    return [
        f"异议 {row['number']}",
        f"{name} {row['uscc']}",
        f"{row['record']} {row['ground']}",
        row["filed_by"],
        row["filed_on"],
        due(row["due_on"], today) if row["state"] == "open" else row["due_on"],
        WORDS[f"tab_{row['state']}"],
    ]


@pytest.mark.page("/repair/objections")
def test_an_objection_tells_what_was_filed_and_what_was_decided(
    page_as: PageAs, ask: Ask, objections: list[int], today: str
) -> None:
    """Ground, evidence, days, who, and the ruling."""
    indicators = {each["code"]: each["zh"] for each in ask("profiling/v1/catalogue")["indicators"]}
    page = page_as(ME)
    for number in objections:
        row = ask(f"classification/v1/objections/{number}")
        assert row["indicators"]
        page.goto(f"/repair/objections?number={number}")
        drawer = page.get_by_role("dialog", name=f"异议 {number}")
        expect(drawer.get_by_role("link").filter(has_text="虚构")).to_be_visible()
        expect(drawer.get_by_text(indicators[row["indicators"][0]])).to_be_visible()
        told = {
            "经营主体": ask(f"profiling/v1/entities/{row['uscc']}")["name"],
            "失信记录": row["record"],
            "评分项": "、".join(indicators[code] for code in row["indicators"]),
            "异议理由": row["ground"],
            "依据材料": "、".join(row["evidence"]),
            "提出人": row["filed_by"],
            "提出日期": row["filed_on"],
            "办理期限": due(row["due_on"], today) if row["state"] == "open" else row["due_on"],
            "状态": WORDS[f"tab_{row['state']}"],
        }
        if row["state"] != "open":
            told |= {
                "决定人": row["decided_by"],
                "决定时间": moment(row["decided_at"]),
                "决定理由": row["reason"],
                "须更正的内容": row["must_happen"] or NOTHING,
                "暂不计分至": row["rests_until"] or NOTHING,
            }
        assert dict(described(drawer)) == told
