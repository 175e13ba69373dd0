"""What would have to change, and what has changed, as it is shown."""

from datetime import date

from pydantic import BaseModel, Field

from classification_service.http_api.entities.answers import SHOWN


class ChangeNeeded(BaseModel):
    """One indicator that would have to change (需要的改变)."""

    model_config = SHOWN

    indicator: str
    zh: str
    en: str
    was: float
    becomes: float
    how_zh: str = Field(description="what to do, in Chinese")
    how_en: str
    citation: str
    confidence: str


class ObstacleShown(BaseModel):
    """What stands in the way and cannot be mended (障碍)."""

    model_config = SHOWN

    code: str = Field(description="of a rule, or manual, cancelled, score or together")
    zh: str
    en: str


class RuleGained(BaseModel):
    """A rule for a better class that holds once the changes are made (上调规则)."""

    model_config = SHOWN

    code: str
    zh: str
    en: str


class CounterfactualAnswer(BaseModel):
    """The shortest list of changes that reaches the next better class, tried on the model (反事实说明)."""

    model_config = SHOWN

    risk_class: str = Field(description="as it is")
    target: str = Field(description="the next better class; empty for A")
    reached: str = Field(description="class with the changes made; empty where none reach the target")
    score: float = Field(description="with the changes made; as it is where there are none")
    changes: list[ChangeNeeded]
    gained: list[RuleGained] = Field(
        description="rules for a better class that hold then: a score alone may not explain `reached`"
    )
    obstacles: list[ObstacleShown]
    is_complete: bool = Field(
        description="whether every list of changes was tried; where there are too many, fewer may do 是否穷尽"
    )
    sentence_zh: str = Field(validation_alias="sentence")
    sentence_en: str


class StageShown(BaseModel):
    """Score and class at a step."""

    model_config = SHOWN

    score: float
    risk_class: str


class IndicatorMoved(BaseModel):
    """An indicator whose value or points changed (变化的指标)."""

    model_config = SHOWN

    code: str
    zh: str
    en: str
    value_before: float | None
    value_after: float | None
    points_before: float
    points_after: float
    by_model: float = Field(description="points more because the model changed")
    by_facts: float = Field(description="points more because the facts did")
    by_people: float = Field(
        description="points more because what people decided to rest did 异议期间暂不计分"
    )
    why: str = Field(
        description="facts, model, people, both of the first two, or several such as facts+people"
    )
    sentence_zh: str = Field(validation_alias="sentence")
    sentence_en: str


class RuleMovedShown(BaseModel):
    """A rule that began or ended to hold (规则变化)."""

    model_config = SHOWN

    code: str
    change: str = Field(description="began or ended")
    zh: str
    en: str
    citation: str


class SectorMovedShown(BaseModel):
    """A class in a sector that changed; empty where the entity is no member."""

    model_config = SHOWN

    sector: str
    zh: str
    en: str
    before: str
    after: str


class ComparisonAnswer(BaseModel):
    """What changed between two decisions, and why (两次决定对比)."""

    model_config = SHOWN

    uscc: str
    number_before: int
    number_after: int
    day_before: date
    day_after: date
    before: StageShown
    by_model: StageShown = Field(description="the earlier facts by the later models")
    by_facts: StageShown = Field(
        description="the later facts by the later models, people's decisions as before"
    )
    after: StageShown
    model_before: str
    model_after: str
    people_before: list[int] = Field(description="numbers of people's decisions that were applied")
    people_after: list[int]
    indicators: list[IndicatorMoved]
    rules: list[RuleMovedShown]
    sectors: list[SectorMovedShown]
    sentence_zh: str = Field(validation_alias="sentence")
    sentence_en: str
