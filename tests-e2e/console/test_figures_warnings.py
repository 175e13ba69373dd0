"""The queue of warnings and a warning's page tell what profiling tells: counts, rows, evidence, precision."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect
from reading import (
    NOTHING,
    as_table,
    counted,
    described,
    due,
    items,
    moment,
    money,
    on_lines,
    one_line,
    part,
    rows,
    share,
    written,
)

PageAs = Callable[..., Page]
Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Signal = dict[str, Any]

ME = "city_administrator"
ELSEWHERE = "510105"
"""Not the area of the demo's officer, whose own journey begins with a queue nobody has touched."""

SEVERITIES = {"alarm": "紧急", "warning": "重要", "notice": "提示"}
STEPS = {"remind": "提醒告知", "interview": "约谈", "order_correction": "责令改正", "inspect": "上门检查"}
STATES = {"open": "待处置", "snoozed": "已暂缓", "suppressed": "已屏蔽", "cleared": "已办结"}
TABS = ("open", "mine", "snoozed", "suppressed", "cleared")
REASON = "核对数值"


def of(signal: Signal) -> str:
    """The signal as a part of an address."""
    return quote(signal["signal_id"], safe="")


@pytest.fixture(scope="module")
def every(ask: Ask) -> Callable[[str], list[Signal]]:
    """All signals that a filter leaves, page by page."""

    def listed(query: str) -> list[Signal]:
        found: list[Signal] = []
        cursor: str | None = ""
        while cursor is not None:
            page = ask(f"profiling/v1/signals?limit=200&{query}" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next_cursor"]
        return found

    return listed


@pytest.fixture(scope="module", autouse=True)
def worked(api: Api, ask: Ask, every: Callable[[str], list[Signal]]) -> Signal:
    """Some of the queue is worked, so that no two tabs are alike; the first was assigned, acted on and judged."""
    today = date.fromisoformat(ask("profiling/v1/business-day")["day"])
    until = (today + timedelta(days=20)).isoformat()
    mine, judged, waiting, again, hidden, settled = every(f"state=open&area={ELSEWHERE}")[:6]
    for signal, act, order in (
        (mine, "assign", {"assignee": "city-administrator", "note": REASON}),
        (mine, "act", {"action": "phoned", "note": REASON}),
        (mine, "verdict", {"useful": True, "note": REASON}),
        (judged, "verdict", {"useful": False, "note": REASON}),
        (waiting, "snooze", {"until": until, "reason": REASON}),
        (again, "snooze", {"until": until, "reason": REASON}),
        (hidden, "suppress", {"until": until, "reason": REASON}),
        (settled, "clear", {"reason": REASON}),
    ):
        api(ME).post(f"/api/profiling/v1/signals/{of(signal)}/{act}", json=order).raise_for_status()
    return mine


@pytest.fixture(scope="module")
def families(ask: Ask) -> dict[str, Any]:
    """The families of signals by code."""
    return {each["code"]: each for each in ask("profiling/v1/signals/families")}


@pytest.fixture(scope="module")
def today(ask: Ask) -> str:
    """The day of the services."""
    return str(ask("profiling/v1/business-day")["day"])


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str | None, str]:
    """Areas by code, and people by the subject of their token."""
    areas = {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]}
    people = {each["ref"]: each["name"] for each in ask("sampling/v1/inspectors")}
    me = ask("session")
    return {**areas, **people, me["subject"]: me["display_name"], None: "未分派"}


def with_unit(bound: dict[str, Any], value: float) -> str:
    """A value by the unit of its indicator."""
    if bound["unit"] == "share":
        return share(value)
    return written(value) + {"year": " 年", "wan_yuan": " 万元"}.get(bound["unit"], "")


def happened(signal: Signal, family: dict[str, Any]) -> str:
    """What happened, by the kind of the family's rule."""
    number = written(signal["measure"])
    said = {
        "fact_in_effect": f"有 {number} 项情形，目前仍然有效",
        "rising": f"近期 {number} 件，明显多于前一时段",
        "unusual": f"近期 {number} 件，明显偏离自身历史水平",
        "after": f"此后又出现 {number} 条相关信息",
        "conflict": "两项信息互相矛盾",
        "report_due": "期限将至，尚未报送",
    }
    if family["kind"] in said:
        return said[family["kind"]]
    bound = family["rule"]["reaches"][0]
    value = with_unit(bound, signal["measure"])
    if family["kind"] == "above_peers":
        return f"{bound['zh']}为 {value}，明显高于同辖区同行业"
    return f"{bound['zh']}为 {value}，预警线 {with_unit(bound, bound['bound'])}"


def rule_said(family: dict[str, Any]) -> str:
    """When the family tells, with the figures of its rule."""
    rule = family["rule"]
    days, least = counted(rule["days"]), counted(rule["at_least"])
    bounds = "，且".join(
        f"{each['zh']}{'不高于' if each['at_most'] else '不低于'} {with_unit(each, each['bound'])}"
        for each in rule["reaches"]
    )
    return {
        "fact_in_effect": "发生规定情形且仍然有效即预警" + (f"（{days} 日内）" if rule["days"] else ""),
        "rising": f"{days} 日内达 {least} 件以上，且多于前 {days} 日的 {written(rule['factor'])} 倍",
        "unusual": f"{days} 日内达 {least} 件以上，按前 {counted(rule['history_days'])} 日自身水平推算，"
        f"出现概率不超过 {written((family['alpha'] or 0) * 100)}%",
        "after": f"在先的事项发生 {days} 日之后，又出现与之不符的信息",
        "reached": bounds,
    }[family["kind"]]


def row_told(signal: Signal, families: dict[str, Any], names: dict[str | None, str]) -> list[str]:
    """What every row of the queue begins with."""
    family = families[signal["family"]]
    evidence = len(signal["evidence"])
    return [
        SEVERITIES[signal["severity"]],
        f"{family['zh']} {happened(signal, family)}",
        f"{signal['entity_name']} {signal['uscc']} · {names[signal['area_code']]}",
        f"{counted(evidence)} 条" if evidence else NOTHING,
        STEPS[signal["suggested_step"]],
    ]


def end_told(tab: str, signal: Signal, names: dict[str | None, str], today: str) -> list[str]:
    """What a row of the queue ends with."""
    if tab == "cleared":
        reason = signal["cleared_reason"] or "预警原因已消除，自动办结"
        by = f"经办：{names[signal['cleared_by']]}" if signal["cleared_by"] else "系统自动"
        return [signal["cleared_on"], f"{reason} {by}"]
    until = [signal["snoozed_until"]] if tab == "snoozed" else []
    return [*until, due(signal["due_on"], today), names[signal["assignee"]]]


def counts_shown(page: Page) -> list[str]:
    """The figures of the tabs."""
    expect(page.locator(".tab-count")).to_have_count(len(TABS))
    return items(page.locator(".tab-count"))


def asked(tab: str) -> str:
    """What a tab asks the service for."""
    return "state=open&mine=true" if tab == "mine" else f"state={tab}"


def tabs_told(every: Callable[[str], list[Signal]], today: str, limit: str = "") -> list[str]:
    """How many signals are behind each tab, counted one by one; of those settled, the last thirty days."""
    since = (date.fromisoformat(today) - timedelta(days=30)).isoformat()
    found = {tab: every(f"{asked(tab)}{limit}") for tab in TABS}
    lately = [each for each in found["cleared"] if each["cleared_on"] >= since]
    return [*(counted(len(found[tab])) for tab in TABS[:-1]), f"近 30 日 {counted(len(lately))}"]


@pytest.mark.page("/warnings")
@pytest.mark.parametrize("limit", ["", "severity=alarm", f"area={ELSEWHERE}"])
def test_the_tabs_count_what_their_lists_have(
    limit: str, page_as: PageAs, every: Callable[[str], list[Signal]], today: str
) -> None:
    """Also where the queue is limited to a severity or an area."""
    page = page_as(ME)

    page.goto(f"/warnings?{limit}")

    assert counts_shown(page) == tabs_told(every, today, f"&{limit}")


@pytest.mark.page("/warnings")
def test_every_tab_has_its_signals_in_the_order_of_the_service(
    page_as: PageAs, ask: Ask, families: dict[str, Any], names: dict[str | None, str], today: str
) -> None:
    """Severity, what happened, to whom, evidence, step, days, who has it: cell for cell."""
    page = page_as(ME)
    page.goto("/warnings")
    for tab in TABS:
        told = ask(f"profiling/v1/signals?{asked(tab)}&limit=50")["items"]
        assert told, tab
        page.locator(f'[data-node-key="{tab}"]').click()
        queue = page.get_by_role("region", name="预警列表")
        expect(queue.locator("tbody tr.ant-table-row")).to_have_count(len(told))
        expect(queue.get_by_text(families[told[0]["family"]]["zh"]).first).to_be_visible()
        picking = tab in {"open", "mine"}
        shown = [row[1:] if picking else row for row in on_lines(rows(queue))]
        assert shown == [
            row_told(each, families, names) + end_told(tab, each, names, today) for each in told
        ], tab


@pytest.mark.page("/warnings/:id")
def test_a_warning_tells_its_file(
    page_as: PageAs,
    api: Api,
    ask: Ask,
    worked: Signal,
    families: dict[str, Any],
    names: dict[str | None, str],
    today: str,
) -> None:
    """State, days, rule, evidence, what was done, and the entity it is about."""
    file = ask(f"profiling/v1/signals/{of(worked)}")
    family, uscc = families[file["family"]], file["uscc"]
    page = page_as(ME)

    page.goto(f"/warnings/{of(file)}")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{family['zh']} · {file['entity_name']}")
    situation = part(page, "情况说明")
    expect(situation.locator(".ant-descriptions")).to_contain_text("判定规则")
    assert one_line(situation.locator(".situation").inner_text()) == " ".join(
        [SEVERITIES[file["severity"]], family["zh"], happened(file, family)]
    )
    told = described(situation)
    assert told == {
        "状态": STATES[file["state"]],
        "承办人": names[file["assignee"]],
        "预警日期": file["raised_on"],
        "办理期限": due(file["due_on"], today),
        "建议措施": STEPS[file["suggested_step"]],
        "判定规则": rule_said(family),
        "规则依据": family["ground"],
    }
    assert trail_shown(page) == trail_told(file, names)
    entity = part(page, "经营主体")
    (judged,) = classes_now(api, uscc)
    expect(entity.locator(".class-tag")).to_have_text(judged["risk_class"])
    profile = ask(f"profiling/v1/entities/{uscc}")
    expect(entity.locator(".ant-descriptions")).to_contain_text(profile["address"])
    assert described(entity)["辖区"] == names[profile["area_code"]]
    open_ones = ask(f"profiling/v1/signals?uscc={uscc}&state=open&limit=20")["items"]
    assert items(entity.locator("ul.plain li")) == [
        f"{SEVERITIES[each['severity']]} {families[each['family']]['zh']} {due(each['due_on'], today)}"
        for each in open_ones
        if each["signal_id"] != file["signal_id"]
    ]


def classes_now(api: Api, uscc: str) -> list[dict[str, Any]]:
    """The class of an entity now."""
    found: list[dict[str, Any]] = (
        api(ME).post("/api/classification/v1/classes/lookup", json={"usccs": [uscc]}).json()["items"]
    )
    return found


def trail_shown(page: Page) -> list[str]:
    """What happened to the signal, the newest first."""
    return items(part(page, "处置经过").locator(".trail .two-lines"))


def trail_told(file: Signal, names: dict[str | None, str]) -> list[str]:
    """The same as the service tells it: steps, verdicts, and the system's own doing."""
    said = {"acted": "处置：电话核实", "assigned": f"分派给 {names[file['assignee']]}"}
    entries = [(file["raised_at"], "系统发出预警 · 系统")]
    entries += [
        (each["at"], f"{said[each['kind']]} · {names[each['by']]} {each['note']}") for each in file["steps"]
    ]
    entries += [
        (each["judged_at"], f"评价：有用 · {names[each['judged_by']]} {each['note']}")
        for each in file["verdicts"]
    ]
    return [f"{text} {moment(at)}" for at, text in sorted(entries, reverse=True)]


@pytest.mark.page("/warnings/:id")
def test_how_often_a_family_was_of_use_is_as_the_service_reckons(
    page_as: PageAs, ask: Ask, worked: Signal
) -> None:
    """The share with its interval, and the months it comes from."""
    figures = next(
        each for each in ask("profiling/v1/signals/precision?months=12") if each["family"] == worked["family"]
    )
    page = page_as(ME)

    page.goto(f"/warnings/{of(worked)}")

    place = part(page, "此类预警的准确率")
    expect(place.locator(".big-figure")).to_have_text(share(figures["precision"]))
    said = one_line(place.locator("p").first.inner_text())
    assert said == (
        f"{share(figures['precision'])} 近 12 个月评价 {figures['judged']} 件，其中有用 {figures['useful']} 件"
        f" 95% 置信区间 {share(figures['low'])} 至 {share(figures['high'])} · 目标不低于 {share(figures['target'])}"
    )
    assert as_table(place) == [
        [each["month"][:7], *(counted(each[name]) for name in ("raised", "judged", "useful"))]
        for each in figures["months"]
    ]


@pytest.mark.page("/warnings/:id")
def test_a_warning_of_each_kind_tells_its_rule_and_its_facts(
    page_as: PageAs, ask: Ask, every: Callable[[str], list[Signal]], families: dict[str, Any]
) -> None:
    """The figures of the rule in their units; of every fact its moment, days, amounts and where it is from."""
    page = page_as(ME)
    kinds = {families[each["family"]]["kind"]: each for each in every("state=open")}
    assert {"fact_in_effect", "reached", "rising"} <= set(kinds)
    for kind, signal in kinds.items():
        file = ask(f"profiling/v1/signals/{of(signal)}")
        page.goto(f"/warnings/{of(signal)}")
        expect(part(page, "情况说明").locator(".ant-descriptions")).to_contain_text(
            rule_said(families[signal["family"]])
        )
        facts = sorted(file["facts"], key=lambda fact: fact["occurred_at"], reverse=True)
        shown = on_lines(rows(part(page, "依据信息")))
        assert [[row[0], row[3]] for row in shown] == [
            [moment(fact["occurred_at"]), f"{fact['source']} {fact['fact_id']}"] for fact in facts[:20]
        ], kind
        for row, fact in zip(shown, facts, strict=False):
            for said in figures_of(fact["particulars"]):
                assert said in row[2]


def figures_of(particulars: dict[str, Any]) -> list[str]:
    """The days and amounts of a fact as the page writes them."""
    epoch = date(1970, 1, 1)
    days = [
        (epoch + timedelta(days=value)).isoformat()
        for name, value in particulars.items()
        if re.search(r"_day$", name) and isinstance(value, int)
    ]
    return days + [money(value) for name, value in particulars.items() if name.endswith("_fen")]
