"""Routes events to use cases; nothing else."""

from collections.abc import Callable, Sequence

from eventbus import Handler, Handlers, Transaction
from vocabulary.dishonesty import DISHONESTY, INSPECTION

from classification_service import wire
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult, Report
from classification_service.model.risk_model import Catalogue
from classification_service.ports import UnitOfWork
from classification_service.use_cases.classify import classify
from classification_service.use_cases.review import record_reports, record_results

TOPICS = ("creditloop.profiling.v1", "creditloop.sampling.v1")
REPORT_TOPICS = ("creditloop.ingestion.v1",)
"""Read by a stage of its own: nobody waits for an outcome, and the loop does not wait for its reading."""
OpenUnitOfWork = Callable[[Transaction], UnitOfWork]


def handlers(unit_of_work: OpenUnitOfWork, catalogue: Catalogue, *, now_ms: Callable[[], int]) -> Handlers:
    """What is done with each type of event; `now_ms` is the clock, milliseconds since the epoch."""

    async def classified(changes: Sequence[IndicatorsChanged], transaction: Transaction) -> None:
        await classify(changes, unit_of_work(transaction), decided_at_ms=now_ms())

    async def reviewed(results: Sequence[InspectionResult], transaction: Transaction) -> None:
        await record_results(results, unit_of_work(transaction), catalogue)

    return {
        wire.INDICATORS_CHANGED: Handler(wire.indicators_decoder(catalogue), classified),
        wire.INSPECTION_RESULT_RECORDED: Handler(wire.inspection_result, reviewed),
    }


def report_handlers(unit_of_work: OpenUnitOfWork, catalogue: Catalogue) -> Handlers:
    """What is done with facts of other departments; whatever corrects or retracts is told among facts of dishonesty."""

    async def reported(reports: Sequence[Report], transaction: Transaction) -> None:
        await record_reports(reports, unit_of_work(transaction), catalogue)

    about = {INSPECTION, DISHONESTY}
    return {wire.FACT_ACCEPTED: Handler(wire.fact_accepted, reported, about=about)}
