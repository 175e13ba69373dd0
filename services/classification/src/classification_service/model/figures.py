"""The figures of a review; None wherever the outcomes are too few to say."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        n: outcomes it rests on.
    """

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class GroupRate:
    """The discovery rate (问题发现率) of a group.

    Attributes:
        rate: problems over valid, with Wilson's interval; the interval holds for what was drawn alike only.
        weighted: each outcome counts for 1/probability; None for reported ones.
        lift: weighted rate over that of all.
        pending_rate: share of the valid whose problem was left to be dealt with; no result code tells a case (转案).
    """

    group: str
    results: int
    valid: int
    problems: int
    rate: Estimate
    weighted: Estimate | None
    lift: float | None
    pending_rate: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Whether the rate rises from A to D, in the control group.

    Attributes:
        z: greater than 0 when it rises; None when nothing can be said.
        p: one-sided, for a rate that does not rise.
        exact: p is counted over all ways to spread the problems; else normal.
        inversions: pairs such as `B>C` of which the better class is significantly worse.
    """

    n: int
    z: float | None
    p: float | None
    exact: bool
    inversions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A tenth of the control group by score.

    Attributes:
        low: least score.
        high: greatest score.
        expected: rate by the curve of the reference period.
    """

    low: float
    high: float
    valid: int
    problems: int
    rate: Estimate
    expected: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rate by score against a logistic curve fitted to an earlier period.

    Attributes:
        chi_square: of observed against expected, one degree of freedom per band that expects enough; the curve's own
            uncertainty counts as spread.
        p: chance of so great a distance when the curve still holds.
    """

    n: int
    reference_n: int
    bands: tuple[Band, ...]
    chi_square: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """A group beside all others, in the control group.

    Attributes:
        rate_ratio: its discovery rate over that of the others.
        false_alarm_share: share of C and D among those where nothing was found.
        false_alarm_ratio: over that of the others.
    """

    by: str
    group: str
    valid: int
    problems: int
    rate_ratio: Estimate
    false_alarm_share: Estimate
    false_alarm_ratio: Estimate


@dataclass(frozen=True, slots=True)
class Capacity:
    """Visits to A against a plan that visits everybody alike.

    Attributes:
        visits_saved: visits that such a plan with as many visits would make to A, over those made.
        problems_missed: problems those visits would have found, by the weighted rate of A.
        problems_found_instead: problems the same number of visits finds in the other classes, as they were spread.
    """

    visits: int
    visits_in_a: int
    population: int
    population_in_a: int
    visits_saved: float | None
    problems_missed: Estimate
    problems_found_instead: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """How many entities were in one class and then in another; an empty class is an entity unknown then."""

    before: str
    after: str
    entities: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the scores that one code of a model gives moved between two moments.

    Attributes:
        before: the version that gave nearly all of them then; empty when none did.
        after: likewise at the later moment.
        psi: None unless both are the same version and gave enough.
        verdict: `stable`, `watch` from 0.10, `act` from 0.25; `too_few`; `version_changed`.
    """

    code: str
    before: str
    after: str
    psi: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Migration:
    """Classes at two moments.

    Attributes:
        psi: the greatest of the drifts.
        verdict: of it; `version_changed` when no version judged at both moments.
        drifts: of each code that judged.
    """

    before: date
    after: date
    moves: tuple[Move, ...]
    stayed: float | None
    psi: float | None
    verdict: str
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """Of the entities that came into D, those that left it within one month."""

    since: date
    until: date
    entered: int
    left: Estimate


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence that may be read aloud.

    Attributes:
        enough: the outcomes suffice for a figure; else the sentence says that they do not.
    """

    code: str
    enough: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the outcomes of a period say about the model.

    Attributes:
        capture: share of the weighted problems that C and D had (捕获率).
        hit: weighted discovery rate of C and D (命中率).
        lift: rate of C and D over that of A and B, in the control group.
        auc: of the score in the control group.
        rates: by grouping, of what was drawn; `class` first.
        reported: the same by class, of what other departments found; it enters no other figure.
        capacity: None when only a sector or a model is looked at: who of the population is in it is not known.
    """

    drawn: int
    control: int
    reported_results: int
    overall: GroupRate
    capture: Estimate
    hit: Estimate
    lift: Estimate
    auc: Estimate
    ks: float | None
    trend: Trend
    rates: dict[str, tuple[GroupRate, ...]]
    reported: tuple[GroupRate, ...]
    calibration: Calibration
    fairness: tuple[FairnessRow, ...]
    capacity: Capacity | None
    findings: tuple[Finding, ...]
