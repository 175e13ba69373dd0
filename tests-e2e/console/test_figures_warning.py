"""A warning's page tells what profiling tells of it: its file, its rule, its facts, and the precision of its family."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from agreeing import agree
from playwright.sync_api import Page, expect
from reading import (
    as_table,
    counted,
    described,
    due,
    every,
    first,
    items,
    moment,
    money,
    on_lines,
    one_line,
    part,
    rows,
    share,
)
from signals import (
    ELSEWHERE,
    ME,
    REASON,
    SEVERITIES,
    STATES,
    STEPS,
    Signal,
    do,
    families_of,
    happened,
    names_of,
    of,
    rule_said,
)

pytestmark = pytest.mark.page("/warnings/:id")

PageAs = Callable[..., Page]
Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]

OPEN = "profiling/v1/signals?state=open"


@pytest.fixture(scope="module")
def worked(api: Api, ask: Ask) -> Signal:
    """One that was assigned, acted on and judged, as another of its family was; its entity has more warnings open."""
    found = every(ask, f"{OPEN}&area={ELSEWHERE}")
    open_of = Counter(each["uscc"] for each in found)
    found.sort(key=lambda each: (each["family"], open_of[each["uscc"]]))
    of_a_family = (
        (one, another)
        for one, another in pairwise(found)
        if one["family"] == another["family"] and open_of[another["uscc"]] > 1
    )
    other, signal = first(of_a_family, "two warnings of a family, one of an entity that has more")
    do(api, signal, "assign", assignee="city-administrator", note=REASON)
    do(api, signal, "act", action="phoned", note=REASON)
    do(api, signal, "verdict", useful=True, note=REASON)
    do(api, other, "verdict", useful=False, note=REASON)
    return signal


@pytest.fixture(scope="module")
def families(ask: Ask) -> dict[str, Any]:
    """The families of signals by code."""
    return families_of(ask)


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str | None, str]:
    """Areas by code, and people by the subject of their token."""
    return names_of(ask)


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
    told = {
        "状态": STATES[file["state"]],
        "承办人": names[file["assignee"]],
        "预警日期": file["raised_on"],
        "办理期限": due(file["due_on"], today),
        "建议措施": STEPS[file["suggested_step"]],
        "判定规则": rule_said(family),
        "规则依据": family["ground"],
    }
    agree(page, lambda: dict(described(situation)), lambda: told)
    agree(page, lambda: trail_shown(page), lambda: trail_told(file, names))
    entity = part(page, "经营主体")
    (judged,) = classes_now(api, uscc)
    expect(entity.locator(".class-tag")).to_have_text(judged["risk_class"])
    profile = ask(f"profiling/v1/entities/{uscc}")
    expect(entity.locator(".ant-descriptions")).to_contain_text(profile["address"])
    agree(page, lambda: dict(described(entity))["辖区"], lambda: names[profile["area_code"]])
    open_ones = ask(f"profiling/v1/signals?uscc={uscc}&state=open&limit=20")["items"]
    others = [
        f"{SEVERITIES[each['severity']]} {families[each['family']]['zh']} {due(each['due_on'], today)}"
        for each in open_ones
        if each["signal_id"] != file["signal_id"]
    ]
    agree(page, lambda: items(entity.locator("ul.plain li")), lambda: others)


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


def test_a_warning_of_each_kind_tells_its_rule_and_its_facts(
    page_as: PageAs, ask: Ask, families: dict[str, Any]
) -> None:
    """The figures of the rule in their units; of every fact its moment, days, amounts and where it is from."""
    page = page_as(ME)
    kinds = {families[each["family"]]["kind"]: each for each in every(ask, OPEN)}
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
