"""The daily look at whether the model should be reviewed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from eventbus import is_transient
from vocabulary.calendar import business_date

from classification_service.ports import Alarms, Classes, Reviews
from classification_service.use_cases.review_run import live_model, run_review

_log = structlog.get_logger(log="review")


class ReviewWorker:
    """Runs each business day once, whichever process is first; a run asked for by a person counts too."""

    def __init__(
        self,
        classes: Classes,
        reviews: Reviews,
        alarms: Alarms,
        *,
        clock: Callable[[], datetime],
        poll_s: float,
    ) -> None:
        self._classes = classes
        self._reviews = reviews
        self._alarms = alarms
        self._clock = clock
        self._poll_s = poll_s

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what may pass, such as a database that is away, is told, and tried at the next poll."""
        while not stop.is_set():
            try:
                await self.once()
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("put off", exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._poll_s)

    async def once(self) -> None:
        """Today is run, unless it was."""
        now = self._clock()
        today, last = business_date(now), await self._alarms.last_run()
        if last is not None and last >= today:
            return
        model_id = await live_model(self._classes)
        if model_id:
            await run_review(today, self._reviews, self._alarms, model_id=model_id, now=now)
