"""What the services tell of one entity, as its page writes it."""

from collections.abc import Sequence
from typing import Any

from reading import NOTHING, counted, moment, money, share, words, written

Told = dict[str, Any]
Names = dict[str, dict[str, str]]

TEXT = words("floors/entity/text.ts")
CLASS = words("floors/entity/classText.ts")
SUPERVISION = words("floors/entity/supervisionText.ts")
RELATION = words("floors/entity/relationText.ts")
COMPARE = words("floors/entity/compareText.ts")
VALUES = words("i18n/factValues.ts")
STATUSES = words("i18n/words.ts", "useStatuses")
UNITS = {"year": "年", "wan_yuan": "万元", "ratio": "倍"}


def listed(these: Sequence[str]) -> str:
    """Several things one after another."""
    return "、".join(these) or NOTHING


def word(kind: str, code: str) -> str:
    """What is told of supervision, by its kind and code."""
    return SUPERVISION[f"{kind}_{code}"]


def valued(value: float | None, unit: str) -> str:
    """The value of an indicator by its unit."""
    if value is None:
        return NOTHING
    if unit == "yes_no":
        return "是" if value else "否"
    if unit == "share":
        return share(value)
    return f"{written(value)} {UNITS.get(unit, '')}".strip()


def signed(points: float) -> str:
    """What points add, with their sign."""
    return f"{'+' if points > 0 else ''}{written(points)}".replace("-", "−")


# Who it is


def identity_told(entity: Told, names: Names) -> list[list[str]]:
    """Its particulars."""
    industry = entity["industry"] or entity["inferred_industry"]
    inferred = "" if entity["industry"] or not industry else f"（{TEXT['industry_inferred']}）"
    return [
        ["统一社会信用代码", entity["uscc"]],
        ["主体类型", names["entity_types"][entity["entity_type"]]],
        ["状态", STATUSES[entity["status"]]],
        ["辖区", names["areas"][entity["area_code"]]],
        ["行业", f"{industry} {names['sections'][industry[:1]]}{inferred}"],
        ["注册资本", NOTHING if entity["capital_fen"] is None else money(entity["capital_fen"])],
        ["成立日期", entity["established_on"] or NOTHING],
        ["法定代表人", entity["legal_person_ref"] or NOTHING],
        ["入驻平台", listed(entity["platforms"])],
        ["所属重点行业", listed([names["sectors"][each] for each in entity["sectors"]])],
        ["归集信息", f"{counted(entity['facts'])} 条 · {moment(entity['recorded_at'])}"],
        ["住所", entity["address"] or NOTHING],
    ]


def standing_told(row: Told, model_names: dict[str, str]) -> str:
    """Its class as it stands."""
    letter = row["risk_class"]
    said = [letter, TEXT[f"class_{letter}"], "风险得分", written(row["score"])]
    said += ["业务日期", row["business_day"], "·", "模型", model_names[row["model"]]]
    return " ".join([*said, *(TEXT[f"flag_{flag}"] for flag in row["flags"])])


# Its class


def improve_told(answer: Told, units: dict[str, str]) -> str:
    """What would better the class, or what stands in the way."""
    if not answer["target"]:
        return CLASS["improve_top"]
    said = []
    if answer["reached"]:
        said += [answer["risk_class"], "→", answer["reached"], f"届时得分 {written(answer['score'])}"]
    for each in answer["changes"]:
        was, becomes = (valued(each[name], units[each["indicator"]]) for name in ("was", "becomes"))
        said += [each["how_zh"], each["zh"], f"{was} → {becomes}依据：{each['citation']}"]
    said += [] if answer["changes"] else [answer["sentence_zh"]]
    if answer["gained"]:
        said += [CLASS["improve_gained"], *(each["zh"] for each in answer["gained"])]
    if answer["obstacles"]:
        said += [CLASS["obstacles"], *(each["zh"] for each in answer["obstacles"])]
    return " ".join(said + ([] if answer["is_complete"] else [CLASS["improve_partial"]]))


def views_told(parts: Told) -> list[str]:
    """The same points seen four ways."""
    return [
        " ".join([CLASS[f"view_{view}"], *map(portion_told, parts[view])])
        + ("" if parts[view] else f" {CLASS['view_origin_none']}")
        for view in ("dimensions", "nature", "aspects", "origin")
    ]


def portion_told(portion: Told) -> str:
    """The points of a part, of how many, and what is cut off."""
    full = "" if portion["full"] is None else f" / {written(portion['full'])}"
    cut = f" 超出满分不计 {written(-portion['cut'])}" if portion["cut"] < 0 else ""
    return f"{portion['zh']} {written(portion['points'])}{full}{cut}"


def steps_told(account: Told, total: str = "风险得分") -> list[list[str]]:
    """How the points come about, step by step."""
    general = [] if account["general"] is None else [["通用信用得分", signed(account["general"])]]
    cap = [["封顶调整", signed(account["cap"])]] if account["cap"] else []
    dimensions = [[each["zh"], signed(each["points"])] for each in account["parts"]["dimensions"]]
    return [
        ["基础分", written(account["base"])],
        *general,
        *dimensions,
        *cap,
        [total, written(account["score"])],
    ]


def sector_told(sector: Told, model_names: dict[str, str]) -> str:
    """The class in a sector."""
    scale = f"分值 {written(sector['lowest'])}～{written(sector['highest'])} · {model_names[sector['model']]}"
    return " ".join(
        [sector["zh"], sector["risk_class"], sector["level_zh"], "得分", written(sector["score"]), scale]
    )


def cause_told(cause: str) -> str:
    """Why it was judged anew."""
    kind, _, of = cause.partition("|")
    if kind == "monthly-run":
        return f"月度评定（{of}）"
    return f"人工调整 {of} 号" if kind == "intervention" else cause or CLASS["cause_calendar"]


def decision_told(row: Told) -> list[str]:
    """A decision as the list shows it, after the box by which it is picked."""
    before, now = row["previous_class"], row["risk_class"]
    return [
        str(row["number"]),
        moment(row["decided_at"]),
        f"{before} → {now}" if before not in {"", now} else now,
        written(row["score"]),
        cause_told(row["cause"]),
        "与上一次对比" if row["number"] > 1 else "",
    ]


# What was done


def signal_told(signal: Told, names: Names) -> list[str]:
    """A warning."""
    state = f"{word('state', signal['state'])} {signal['cleared_reason'] or ''}".strip()
    return [
        names["families"][signal["family"]],
        word("severity", signal["severity"]),
        word("step", signal["suggested_step"]),
        written(signal["measure"]),
        signal["raised_on"],
        signal["due_on"],
        state,
    ]


def task_told(task: Told, names: Names) -> list[str]:
    """A visit."""
    kind, _, letter = task["stratum"].partition(":")
    uniform = f"{SUPERVISION.get(f'stratum_{kind}')} {task['class_at_draw'] or ''}".strip()
    return [
        task["draw_id"],
        listed([names["items"].get(code) or VALUES[code] for code in task["items"]]),
        f"分类抽查（{letter} 类）" if letter else uniform,
        task["drawn_on"],
        task["due_on"],
        listed(task["inspectors"]),
        word("task", task["state"]),
        listed([VALUES[code] for code in task["result_codes"] or []]),
    ]


def record_told(record: Told, _: Names) -> list[str]:
    """A record of dishonesty."""
    about = filter(None, [*record["penalty_kinds"], record["violation"], record["reason"]])
    public = f"{record['published_on']} → {record['stopped_on'] or record['stops_on'] or NOTHING}"
    amount = money(record["fine_fen"] + record["confiscated_fen"]) if record["kind"] == "penalty" else NOTHING
    return [
        f"{record['document_number'] or NOTHING} {record['record_id']}",
        f"{word('kind', record['kind'])} {listed([VALUES[each] for each in about])}",
        word("tier", record["tier"]),
        record["decided_on"],
        f"{word('record', record['state'])} {public}" if record["published_on"] else "不公示",
        record["apply_from"] or NOTHING,
        amount,
        listed([SUPERVISION[code] for code in record["conditions"]]),
        "提出异议",
    ]


def notice_told(notice: Told, _: Names) -> list[str]:
    """A letter, after the sign that opens it."""
    return [
        "",
        notice["title_zh"],
        notice["issued_on"],
        word("notice", notice["state"]),
        moment(notice["settled_at"]) if notice["settled_at"] else NOTHING,
        notice["notice_id"],
    ]


def relation_told(tie: Told, names: Names) -> list[str]:
    """A related entity."""
    risky = f" {RELATION['risky']}" if tie["is_risky"] else ""
    return [
        RELATION[f"kind_{tie['kind']}"],
        tie["name"] or tie["uscc"],
        names["areas"][tie["area_code"]] if tie["area_code"] else NOTHING,
        (STATUSES[tie["status"]] if tie["status"] else NOTHING) + risky,
    ]


# Two decisions


def stages_told(answer: Told, model_names: dict[str, str]) -> list[str]:
    """From one decision to the other: by the later model, by the later facts, by people."""
    said = [
        ("before", "先前", f"{answer['day_before']}，{model_names[answer['model_before']]}"),
        ("by_model", "换用现行模型", "信息不变"),
        ("by_facts", "换用其后信息", "人工决定不变"),
        ("after", "其后", f"{answer['day_after']}，{model_names[answer['model_after']]}"),
    ]
    return [
        f"{title} {answer[stage]['risk_class']} {written(answer[stage]['score'])} {hint}"
        for stage, title, hint in said
    ]


def moved_told(moved: Told, units: dict[str, str]) -> list[str]:
    """An indicator that changed."""
    why = ["model", "facts"] if moved["why"] == "both" else moved["why"].split("+")
    unit = units[moved["code"]]
    return [
        moved["zh"],
        f"{valued(moved['value_before'], unit)} → {valued(moved['value_after'], unit)}",
        f"{written(moved['points_before'])} → {written(moved['points_after'])}",
        signed(moved["points_after"] - moved["points_before"]),
        " ".join(COMPARE[f"why_{each}"] for each in why),
        moved["sentence_zh"],
    ]


def by_weight(moved: Sequence[Told]) -> list[Told]:
    """The indicators that moved the score farthest first."""
    return sorted(moved, key=lambda each: -abs(each["points_after"] - each["points_before"]))
