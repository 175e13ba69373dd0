"""Facts arrive."""

from collections.abc import Sequence

from profiling_service.model.entities import NO_IDENTITY, Entity, Restatement
from profiling_service.model.facts import WIDTH, Fact
from profiling_service.ports import EntityStep, NumberedFact, UnitOfWork
from profiling_service.rules.identity import patched
from profiling_service.rules.profiles import Inputs, RuleBook, outcome
from profiling_service.use_cases.tell import News, tell


async def record_facts(facts: Sequence[Fact], transaction: UnitOfWork, book: RuleBook) -> None:
    """Entities know these facts; their indicators, description and signals are up to date and told.

    Facts come once each, in the order in which their entity is to number them.
    """
    day = await transaction.business_day()
    by_entity = _by_entity(facts)
    usccs = list(by_entity)
    before = await transaction.entities(usccs)
    identities = await _restatements(by_entity, before, transaction)
    now = [
        entity.facts + (news[0].features if len(news) == 1 else b"".join([fact.features for fact in news]))
        for entity, news in zip(before, by_entity.values(), strict=True)
    ]
    result = outcome(book, day, Inputs(before, now, identities))
    steps = [
        EntityStep(
            uscc,
            was,
            is_,
            identities[index].after if index in identities else None,
            news[0].recorded_at_ms if len(news) == 1 else max([fact.recorded_at_ms for fact in news]),
        )
        for index, (was, is_, (uscc, news)) in enumerate(
            zip(before, result.after, by_entity.items(), strict=True)
        )
    ]
    await transaction.add_facts(_numbered(steps, by_entity))
    await transaction.save(steps)
    newest = [news[-1] for news in by_entity.values()]
    await tell(News(book.catalogue.version, day, steps, result, newest), transaction)


def _by_entity(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    grouped: dict[str, list[Fact]] = {}
    for fact in facts:
        known = grouped.get(fact.uscc)
        if known is None:
            grouped[fact.uscc] = [fact]
        else:
            known.append(fact)
    return grouped


async def _restatements(
    by_entity: dict[str, list[Fact]], before: Sequence[Entity], transaction: UnitOfWork
) -> dict[int, Restatement]:
    """By index, what these facts make of registered particulars, where they change them."""
    speaking = {
        index: (uscc, patches)
        for index, (uscc, news) in enumerate(by_entity.items())
        if (patches := [fact.patch for fact in news if fact.patch is not None])
    }
    there = [uscc for index, (uscc, _) in speaking.items() if before[index].profile_version]
    known = await transaction.identities(there) if there else {}
    changed = {}
    for index, (uscc, patches) in speaking.items():
        was = is_ = known.get(uscc, NO_IDENTITY)
        for said in patches:
            is_ = patched(is_, said)
        if is_ != was:
            changed[index] = Restatement(was, is_)
    return changed


def _numbered(steps: Sequence[EntityStep], by_entity: dict[str, list[Fact]]) -> list[NumberedFact]:
    numbered = []
    for step, news in zip(steps, by_entity.values(), strict=True):
        number = len(step.before.facts) // WIDTH
        for fact in news:
            number += 1
            numbered.append(NumberedFact(fact, number))
    return numbered
