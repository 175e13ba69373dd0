"""The daily look at whether the model should be reviewed."""

import asyncio
from collections import Counter
from datetime import date, datetime

from classification_service.model.alarms import ReviewAlarm
from classification_service.model.review import ReviewScope
from classification_service.ports import Alarms, Classes, Reviews
from classification_service.rules.reviewing.alarms import QUARTER, Periods, checks_of, spans_of


async def run_review(
    day: date, reviews: Reviews, alarms: Alarms, *, model_id: str, now: datetime
) -> list[ReviewAlarm]:
    """The alarms that hold on this business day are open, those that hold no longer are closed; gives the open ones.

    The same day may be run again. A day before one that was run changes nothing.
    """
    spans = {
        name: await reviews.evidence(ReviewScope(since=first, until=last))
        for name, (first, last) in spans_of(day).items()
    }
    scores = [await reviews.scores_on(each, None) for each in (day - QUARTER, day)]
    periods = Periods(**spans, scores_before=scores[0], scores=scores[1])
    checks = await asyncio.to_thread(checks_of, periods)
    await alarms.settle(day, checks, model_id=model_id, now=now)
    return [alarm for alarm in await alarms.listed(before=None, limit=100) if alarm.closed_on is None]


async def live_model(classes: Classes) -> str:
    """The model that judged most entities of the population; empty when nobody was judged."""
    counts = Counter[str]()
    for each in await classes.counts("none", None):
        counts[each.model_id] += each.entities
    return counts.most_common(1)[0][0] if counts else ""
