"""Results: one per visit, only with codes that can stand together, only by those whose area it is."""

from datetime import UTC, datetime, timedelta

import pytest
from memory import (
    AREA,
    NEIGHBOUR,
    NOW,
    REVEAL,
    SECRETS,
    SEED,
    Recorded,
    described,
    inspector,
    news,
    order,
    uscc,
)
from sampling_service.model.events import InspectionResultRecorded
from sampling_service.model.plans import Packs
from sampling_service.model.tasks import Recorder, Report
from sampling_service.use_cases.draws import commit_draw, reveal_draw
from sampling_service.use_cases.pools import follow_classes, follow_descriptions
from sampling_service.use_cases.tasks import put_inspectors, record_results

LATER = NOW + timedelta(days=1)
OFFICER = Recorder("officer", AREA)
TASK = f"plan-2026-0001-{uscc(1)}"


async def _one_visit(tx: Recorded, packs: Packs, *refs: str) -> None:
    await follow_descriptions([described(1)], tx)
    await follow_classes([news(1, "C", by_law=True)], tx)
    await put_inspectors([inspector(ref) for ref in refs or ("I1", "I2")], tx)
    draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)
    await reveal_draw(draw.draw_id, SEED, packs, tx, now=REVEAL)


def _report(*codes: str, task_id: str = TASK, at: datetime = NOW) -> Report:
    return Report(task_id, codes or ("no_problem",), at)


async def test_a_result_carries_what_the_review_needs_of_the_draw(tx: Recorded, packs: Packs) -> None:
    """Class as of the draw, not of today: the check must not judge itself."""
    await _one_visit(tx, packs)
    await follow_classes([news(1, "A", change_number=2)], tx)

    (verdict,) = await record_results([_report("corrected", "not_publicised")], OFFICER, tx, now=LATER)

    (event,) = (event for event in tx.published if isinstance(event, InspectionResultRecorded))
    task = event.result.task
    assert verdict.verdict == "recorded"
    assert verdict.result_id == event.result.result_id == f"result-{TASK}"
    assert (task.class_at_draw, task.stratum, task.probability) == ("C", "uniform", 1.0)
    assert event.result.result_codes == ("corrected", "not_publicised")


async def test_a_visit_has_one_result(tx: Recorded, packs: Packs) -> None:
    """A second one would count a problem twice; corrections are another matter."""
    await _one_visit(tx, packs)

    first = await record_results([_report(), _report()], OFFICER, tx, now=LATER)
    second = await record_results([_report()], OFFICER, tx, now=LATER)

    assert [each.verdict for each in first + second] == ["recorded", "already_recorded", "already_recorded"]


@pytest.mark.parametrize(
    ("report", "recorder", "verdict"),
    [
        (_report("no_problem", "corrected"), OFFICER, "invalid_codes"),
        (_report("made_up"), OFFICER, "invalid_codes"),
        (_report(task_id="none"), OFFICER, "unknown_task"),
        (_report(), Recorder("officer", NEIGHBOUR), "unknown_task"),
        (_report(at=datetime(2026, 11, 1, tzinfo=UTC)), OFFICER, "before_draw"),
        (_report(at=LATER + timedelta(minutes=6)), OFFICER, "in_future"),
    ],
)
async def test_what_cannot_be_a_result_is_refused_with_its_reason(
    tx: Recorded, packs: Packs, report: Report, recorder: Recorder, verdict: str
) -> None:
    """Each of many reports has its own verdict, and a wrong one stops none of the others."""
    await _one_visit(tx, packs)

    verdicts = await record_results([report, _report()], Recorder("x", recorder.area_code), tx, now=LATER)

    assert verdicts[0].verdict == verdict


async def test_a_visit_without_its_inspectors_has_no_result(tx: Recorded, packs: Packs) -> None:
    """Nobody can have been there."""
    await _one_visit(tx, packs, "I1")

    (verdict,) = await record_results([_report()], OFFICER, tx, now=LATER)

    assert verdict.verdict == "not_assigned"


@pytest.mark.parametrize(("subject", "verdict"), [("I1", "recorded"), ("I3", "not_in_team")])
async def test_an_inspector_records_the_visits_of_their_own_team_alone(
    tx: Recorded, packs: Packs, subject: str, verdict: str
) -> None:
    """谁检查、谁录入: nobody of the same area writes a friend's clean result."""
    await _one_visit(tx, packs)
    sender = Recorder(subject, AREA, own_visits=True)

    (given,) = await record_results([_report()], sender, tx, now=LATER)

    assert given.verdict == verdict


async def test_an_inspector_sent_from_a_neighbouring_area_records_the_visit(
    tx: Recorded, packs: Packs
) -> None:
    """Who inspects records, wherever they are from."""
    await _one_visit(tx, packs)

    (given,) = await record_results([_report()], Recorder("I1", NEIGHBOUR, own_visits=True), tx, now=LATER)

    assert given.verdict == "recorded"
