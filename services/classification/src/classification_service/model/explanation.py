"""A decision as it was made, and its explanation for people."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in the books, frozen as it was made.

    Attributes:
        values: the catalogue's indicators, NaN when unknown.
        points: base, one per item of the model, cap.
        flags: bits of `Flag`.
        previous_class: letter, empty for the first.
        sectors: class in each sector, see `judgement.Verdicts`.
        set_code: names the models that judged; empty where `model_id` alone did.
        interventions: ids of what people decided and was applied, with commas between.
    """

    uscc: str
    number: int
    decided_at: datetime
    business_day: date
    recorded_at: datetime
    profile_version: int
    model_id: str
    values: tuple[float, ...]
    points: tuple[float, ...]
    score: float
    risk_class: str
    score_class: str
    override_code: str
    flags: int
    cause: str
    previous_class: str
    sectors: int
    set_code: str
    established_on: date | None
    status: str
    interventions: str


@dataclass(frozen=True, slots=True)
class CurrentState:
    """An entity as it stands: what lists, counts and area checks need, without the reasons.

    Attributes:
        risk_class: letter A to D.
        status: code of `vocabulary.entity_types.Status`, `unknown` before the registration came.
    """

    uscc: str
    profile_version: int
    risk_class: str
    score: float
    override_code: str
    flags: int
    decision_number: int
    change_number: int
    area_code: str
    industry: str
    entity_type: str
    status: str
    business_day: date
    recorded_at: datetime
    model_id: str
    sectors: int


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many entities of a group a model put in a class; `group` is empty when all are counted together."""

    group: str
    risk_class: str
    model_id: str
    entities: int
    under_observation: int


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's part in a score.

    Attributes:
        dimension: code of its dimension; empty where the model has none.
        value: None when unknown.
        treatment: `counted`, `missing:<policy>`, `ignored:<modifier>` or `resting`.
        sentence, sentence_en: as they are read aloud.
    """

    code: str
    dimension: str
    zh: str
    en: str
    unit: str
    value: float | None
    points: float
    treatment: str
    sentence: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A floor, override or modifier that held; `decided` when it, and not the score, gave the class.

    Attributes:
        shift: steps, worse where positive.
        last_day: the last day on which it can hold, None where no calendar ends it.
    """

    code: str
    kind: str
    zh: str
    en: str
    citation: str
    confidence: str
    floor: str | None
    shift: int
    last_day: date | None
    decided: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """What a part of a score comes to.

    Attributes:
        points: after what is above its full marks was cut off.
        full: None where it has no full marks.
        cut: what was cut off, at most 0.
    """

    code: str
    zh: str
    en: str
    points: float
    full: float | None
    cut: float


@dataclass(frozen=True, slots=True)
class Parts:
    """A score seen in four ways; each adds up to what dimensions and general class give.

    Attributes:
        dimensions: as the model divides it; empty where it does not.
        nature: what the entity is and what it does (静态, 动态).
        aspects: faith and harm (信用, 风险).
        origin: the sector's own and the general class's (行业, 通用); empty of a model that is no sector's.
    """

    dimensions: tuple[Portion, ...]
    nature: tuple[Portion, ...]
    aspects: tuple[Portion, ...]
    origin: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What one model made of an entity, to the point: base, lines, cuts, general class and cap are the score.

    Attributes:
        general: points that the general class gave; None where it gives none.
        cap: points taken away or added to stay within the scale.
        coverage: share of the applicable indicators whose value was known, 0 to 1.
    """

    model_id: str
    lowest: float
    highest: float
    score: float
    base: float
    general: float | None
    cap: float
    lines: tuple[Line, ...]
    parts: Parts
    applied: tuple[Applied, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class SectorClass:
    """The class in a sector, and why.

    Attributes:
        level_zh, level_en: what the sector calls this class.
        sentence, sentence_en: as they are read aloud.
    """

    sector: str
    zh: str
    en: str
    risk_class: str
    score_class: str
    level_zh: str
    level_en: str
    account: Account
    sentence: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class DecidedByPeople:
    """What people decided and was applied: a class set, or an item that rests.

    Attributes:
        id: number in the books.
        risk_class: letter of a class that was set, else empty.
        indicator: code of the item that rests, else empty.
        share: how much of its value rests; None where the whole item does, or a class was set.
        applied: false of a class that an override leaves no room for.
    """

    id: int
    kind: str
    risk_class: str
    indicator: str
    share: float | None
    applied: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a class is what it is.

    Attributes:
        class_zh, class_en: what the class is called.
        sentence, sentence_en: as a member of staff may read them aloud.
    """

    class_zh: str
    class_en: str
    account: Account
    people: tuple[DecidedByPeople, ...]
    sectors: tuple[SectorClass, ...]
    sentence: str
    sentence_en: str
