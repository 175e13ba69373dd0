"""Keeps the signals that were decided on, and says which of them are told."""

from collections.abc import Mapping, Sequence

from profiling_service.model.entities import Identity
from profiling_service.model.events import SignalCleared, SignalRaised, SignalUpdated
from profiling_service.model.signals import Grow, Raise, signal_id
from profiling_service.ports import EntityStep, SignalChanges, UnitOfWork
from profiling_service.rules.profiles import Outcome

BY_FACTS = "facts"
Names = Mapping[tuple[str, int], str]
Told = SignalRaised | SignalUpdated | SignalCleared


async def tell_signals(
    day: int,
    steps: Sequence[EntityStep],
    made: Outcome,
    identities: Mapping[str, Identity],
    transaction: UnitOfWork,
) -> list[Told]:
    """The signals are stored; those not suppressed are to be told, those that end only where they were open."""
    shown: list[Raise | Grow] = [*made.raises, *made.grows]
    wanted = {(steps[order.entity].uscc, number) for order in shown for number in order.facts}
    names = await transaction.fact_names(wanted) if wanted else {}
    raised = [_raised(order, steps[order.entity], day, identities, names) for order in made.raises]
    grown = [_updated(order, steps[order.entity], day, names) for order in made.grows]
    over, cleared = _over(day, steps, made)
    kept = list(zip(made.raises, raised, strict=True))
    changes = SignalChanges(
        raised=[signal for order, signal in kept if not (order.silent or order.again)],
        silent=[signal for order, signal in kept if order.silent and not order.again],
        again=[signal for order, signal in kept if order.again and not order.silent],
        silent_again=[signal for order, signal in kept if order.again and order.silent],
        grown=grown,
        over=over,
        moved=_moved(steps),
    )
    await transaction.save_signals(changes, day)
    return [*changes.raised, *changes.again, *grown, *cleared]


def _moved(steps: Sequence[EntityStep]) -> list[str]:
    return [
        signal_id(known.family, step.uscc, known.episode)
        for step in steps
        if step.moves_signals
        for known in step.before.signals
    ]


def _over(
    day: int, steps: Sequence[EntityStep], made: Outcome
) -> tuple[dict[str, bool], list[SignalCleared]]:
    over, cleared = {}, []
    for clear in made.clears:
        uscc = steps[clear.entity].uscc
        identifier = signal_id(clear.family, uscc, clear.episode)
        over[identifier] = clear.was_open
        if clear.was_open:
            cleared.append(SignalCleared(identifier, uscc, clear.family, BY_FACTS, day))
    return over, cleared


def _evidence(order: Raise | Grow, uscc: str, names: Names) -> tuple[str, ...]:
    return tuple(names[uscc, number] for number in order.facts)


def _raised(
    order: Raise, step: EntityStep, day: int, identities: Mapping[str, Identity], names: Names
) -> SignalRaised:
    return SignalRaised(
        signal_id=signal_id(order.family.code, step.uscc, order.episode),
        uscc=step.uscc,
        family=order.family.code,
        episode=order.episode,
        severity=order.severity,
        suggested_step=order.family.suggested_step,
        evidence=_evidence(order, step.uscc, names),
        area_code=step.after.area_code,
        due_on_day=order.due_on_day,
        raised_on_day=day,
        platforms=identities[step.uscc].platforms,
        measure=order.measure,
        tail=order.tail,
    )


def _updated(order: Grow, step: EntityStep, day: int, names: Names) -> SignalUpdated:
    return SignalUpdated(
        signal_id=signal_id(order.family.code, step.uscc, order.episode),
        uscc=step.uscc,
        family=order.family.code,
        severity=order.severity,
        evidence=_evidence(order, step.uscc, names),
        measure=order.measure,
        was=order.was,
        area_code=step.after.area_code,
        updated_on_day=day,
    )
