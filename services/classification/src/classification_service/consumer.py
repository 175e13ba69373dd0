"""Routes events to use cases; nothing else."""

from collections.abc import Callable, Sequence
from itertools import groupby

from eventbus import Handler, Handlers, Transaction

from classification_service import wire
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import Catalogue
from classification_service.ports import UnitOfWork
from classification_service.rules.choosing import Scorers
from classification_service.use_cases.classify import classify
from classification_service.use_cases.review import record_results

TOPICS = ("creditloop.profiling.v1", "creditloop.sampling.v1")
OpenUnitOfWork = Callable[[Transaction], UnitOfWork]


def handlers(
    unit_of_work: OpenUnitOfWork, scorers: Scorers, catalogue: Catalogue, *, now_ms: Callable[[], int]
) -> Handlers:
    """What is done with each type of event; `now_ms` is the clock, milliseconds since the epoch."""

    async def classified(changes: Sequence[IndicatorsChanged], transaction: Transaction) -> None:
        for scorer, some in groupby(changes, key=lambda change: scorers.on(change.business_day)):
            await classify(list(some), unit_of_work(transaction), scorer, decided_at_ms=now_ms())

    async def reviewed(results: Sequence[InspectionResult], transaction: Transaction) -> None:
        await record_results(results, unit_of_work(transaction))

    return {
        wire.INDICATORS_CHANGED: Handler(wire.indicators_decoder(catalogue), classified),
        wire.INSPECTION_RESULT_RECORDED: Handler(wire.inspection_result, reviewed),
    }
