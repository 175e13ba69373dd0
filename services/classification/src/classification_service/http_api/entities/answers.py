"""A class with every reason, as it is shown."""

from datetime import UTC, date, datetime
from typing import Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field
from vocabulary.calendar import business_date

from classification_service.http_api.edge import flag_names
from classification_service.model.explanation import Account, CurrentState, Decision, Explanation, SectorClass

SHOWN = ConfigDict(from_attributes=True)


class IndicatorLine(BaseModel):
    """One indicator's part in the score (指标得分)."""

    model_config = SHOWN

    code: str
    dimension: str = Field(description="code of its dimension; empty where the model has none 所属维度")
    zh: str = Field(description="name in Chinese 指标名称")
    en: str = Field(description="name in English")
    unit: str = Field(description="year 年, wan_yuan 万元, count 个/次, share, ratio 倍 or yes_no 是/否")
    value: float | None = Field(description="value as of the decision, null when unknown 指标值")
    points: float = Field(description="points given 得分")
    treatment: str = Field(
        description="counted, missing:<policy> 缺失处理, ignored:<modifier> 暂不计分, or resting 异议期间, "
        "in whole or in part"
    )
    sentence: str = Field(description="to be read aloud, in Chinese")
    sentence_en: str = Field(description="to be read aloud, in English")


class AppliedRule(BaseModel):
    """A floor, override or modifier that held (直接判定与修正)."""

    model_config = SHOWN

    code: str
    kind: str = Field(description="override 直接判定 or modifier 修正")
    zh: str
    en: str
    citation: str = Field(description="source of the rule 依据")
    confidence: str = Field(description="how sure the source is; project-chosen where it is our choice")
    floor: str | None = Field(description="the best class still possible, null for none")
    shift: int = Field(description="steps, worse where positive 升降档")
    last_day: date | None = Field(description="the last day it can hold, null where no calendar ends it")
    decided: bool = Field(description="true when this, and not the score, gave the class")


class PortionOfScore(BaseModel):
    """What a part of the score comes to (分项得分)."""

    model_config = SHOWN

    code: str
    zh: str
    en: str
    points: float = Field(description="after what is above the full marks was cut off 得分")
    full: float | None = Field(description="full marks, null where there are none 满分")
    cut: float = Field(description="what was cut off, at most 0 超出满分不计")


class PartsOfScore(BaseModel):
    """The score seen in four ways; each adds up to what dimensions and general class give."""

    model_config = SHOWN

    dimensions: list[PortionOfScore] = Field(description="as the model divides it 维度")
    nature: list[PortionOfScore] = Field(description="what the entity is, what it does 静态、动态")
    aspects: list[PortionOfScore] = Field(description="faith and harm 信用、风险")
    origin: list[PortionOfScore] = Field(description="the sector's own and the general class's 行业、通用")


class Reasons(BaseModel):
    """What one model made, to the point: base, points, cuts, general class and cap add up to the score."""

    base: float = Field(description="points every entity starts with 基础分")
    general: float | None = Field(
        description="points of the general class, null where it gives none 通用信用得分"
    )
    cap: float = Field(description="points that keep the score within its scale 封顶调整")
    parts: PartsOfScore
    indicators: list[IndicatorLine]
    rules: list[AppliedRule]
    coverage: float = Field(description="share of applicable indicators that were known 指标覆盖率")

    @classmethod
    def given(cls, account: Account) -> "Reasons":
        """The account as it is shown."""
        return Reasons(
            base=account.base,
            general=account.general,
            cap=account.cap,
            parts=PartsOfScore.model_validate(account.parts),
            indicators=[IndicatorLine.model_validate(line) for line in account.lines],
            rules=[AppliedRule.model_validate(rule) for rule in account.applied],
            coverage=round(account.coverage, 4),
        )


class ExplainedSector(Reasons):
    """The class in a sector, with every reason (行业分类结果及说明)."""

    sector: str
    zh: str
    en: str
    risk_class: str = Field(description="A, B, C or D")
    score_class: str = Field(description="class by the score alone")
    level_zh: str = Field(description="what the sector calls it 等级名称")
    level_en: str
    score: float
    lowest: float = Field(description="least score of the sector's scale")
    highest: float = Field(description="greatest score of the sector's scale")
    model: str
    sentence_zh: str
    sentence_en: str

    @classmethod
    def of_sector(cls, each: SectorClass) -> Self:
        """The sector as it is shown."""
        own = {name: getattr(each, name) for name in _SECTOR}
        account = each.account
        return cls(
            **own,
            **Reasons.given(account).model_dump(),
            score=account.score,
            lowest=account.lowest,
            highest=account.highest,
            model=account.model_id,
            sentence_zh=each.sentence,
            sentence_en=each.sentence_en,
        )


_SECTOR = ("sector", "zh", "en", "risk_class", "score_class", "level_zh", "level_en")


class PersonsDecision(BaseModel):
    """A class set by a person, or an item that rests (人工调整, 异议)."""

    model_config = SHOWN

    id: int
    kind: str = Field(description="manual 人工调整 or resting 异议期间暂不计分")
    risk_class: str = Field(description="the class set, else empty")
    indicator: str = Field(description="the item that rests, else empty")
    share: float | None = Field(description="how much of the item's value rests; null where all of it does")
    applied: bool = Field(description="false where an override stands against the class set 是否生效")
    zh: str
    en: str


class DecisionSummary(BaseModel):
    """One decision (分类决定)."""

    number: int = Field(description="number within the entity, from 1")
    decided_at: datetime = Field(description="when it was made 决定时间")
    business_day: date = Field(description="day its indicators hold for 业务日期")
    recorded_at: datetime = Field(description="when the newest fact used became known 记录时间")
    profile_version: int
    risk_class: str = Field(description="A, B, C or D 信用风险类别")
    score: float = Field(description="0 to 1000, higher is riskier 风险得分")
    score_class: str = Field(description="class by the score alone")
    override_code: str = Field(description="what decided in place of the score; empty when the score decided")
    flags: list[str]
    cause: str = Field(
        description="the newest fact used, source|fact_id; intervention|id where people decided, "
        "monthly-run|day of a monthly run; empty when the calendar moved it"
    )
    previous_class: str = Field(description="class before; empty for the first")
    model: str = Field(description="model code and version 模型版本")

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The decision as it is listed."""
        own = {name: getattr(decision, name) for name in _SUMMARY}
        return cls(**own, flags=flag_names(decision.flags), model=decision.model_id)


_SUMMARY = DecisionSummary.model_fields.keys() - {"flags", "model"}


class ExplainedClass(DecisionSummary, Reasons):
    """A class with every reason, frozen as of its decision (分类结果及说明)."""

    uscc: str
    class_zh: str
    class_en: str
    model_sha256: str
    sentence_zh: str = Field(description="to be read aloud 说明")
    sentence_en: str = Field(description="the same in English")
    people: list[PersonsDecision] = Field(description="what people decided and was applied")
    sectors: list[ExplainedSector] = Field(description="the class in each sector the entity works in 行业")
    current_profile_version: int = Field(description="the profile's newest version seen")
    evidence: str = Field(
        description="where profiling gives the values and the numbers of all facts behind them, as they were known "
        "then 依据的事实"
    )

    @classmethod
    def explained(cls, decision: Decision, state: CurrentState, why: Explanation, sha256: str) -> Self:
        """The decision with its reasons."""
        return cls(
            **DecisionSummary.of(decision).model_dump(),
            **Reasons.given(why.account).model_dump(),
            uscc=decision.uscc,
            class_zh=why.class_zh,
            class_en=why.class_en,
            model_sha256=sha256,
            sentence_zh=why.sentence,
            sentence_en=why.sentence_en,
            people=[PersonsDecision.model_validate(each) for each in why.people],
            sectors=[ExplainedSector.of_sector(each) for each in why.sectors],
            current_profile_version=state.profile_version,
            evidence=_evidence(decision),
        )


def _evidence(decision: Decision) -> str:
    """The profile the decision was made of; the day is said where the calendar moved it after the newest fact."""
    asked = {"known_at": decision.recorded_at.astimezone(UTC).isoformat()}
    if business_date(decision.recorded_at) != decision.business_day:
        asked["valid_at"] = decision.business_day.isoformat()
    return f"/v1/entities/{decision.uscc}/profile?{urlencode(asked)}"
