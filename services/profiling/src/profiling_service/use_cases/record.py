"""Facts arrive."""

from collections.abc import Collection, Sequence

from profiling_service.model.entities import NO_IDENTITY, NOTHING_STATED, Entity, Restatement
from profiling_service.model.facts import WIDTH, Fact, Statement, replaced, replaces, replaces_statement
from profiling_service.ports import EntityStep, NumberedFact, UnitOfWork
from profiling_service.rules.identity import stated
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
    identities |= await _by_another_catalogue(usccs, before, identities, transaction, book)
    now = [
        entity.facts + (news[0].features if len(news) == 1 else b"".join([fact.features for fact in news]))
        for entity, news in zip(before, by_entity.values(), strict=True)
    ]
    sensing = await transaction.sensing()
    result = outcome(book, day, Inputs(before, now, identities, usccs=usccs, sensing=sensing))
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
    if result.stakes:
        await transaction.save_holdings({usccs[index]: held for index, held in result.stakes.items()})
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
    """By index, what these facts make of registered particulars, where they change them; and those of who is new."""
    usccs = list(by_entity)
    said = _statements(by_entity)
    replaced = _replaced(by_entity, before, said)
    there = [usccs[index] for index in {**said, **replaced} if before[index].profile_version]
    known = await transaction.identities(there) if there else {}
    stored = await transaction.statements([usccs[index] for index in replaced]) if replaced else {}
    made = {index: NOTHING_STATED for index, entity in enumerate(before) if not entity.profile_version}
    for index in {**said, **replaced}:
        was, news = known.get(usccs[index], NO_IDENTITY), said.get(index, [])
        if index in replaced:
            is_ = stated(NO_IDENTITY, [*stored.get(usccs[index], []), *news], replaced[index])
        else:
            is_ = stated(was, news)
        if is_ != was:
            made[index] = Restatement(was, is_)
    return made


def _statements(by_entity: dict[str, list[Fact]]) -> dict[int, list[Statement]]:
    """By index, what facts say of particulars."""
    return {
        index: statements
        for index, news in enumerate(by_entity.values())
        if (statements := [fact.statement for fact in news if fact.statement is not None])
    }


def _replaced(
    by_entity: dict[str, list[Fact]], before: Sequence[Entity], said: Collection[int]
) -> dict[int, frozenset[int]]:
    """By index, who has facts that correct or take back what others said of particulars, and the keys they name."""
    found = {}
    for index, (entity, news) in enumerate(zip(before, by_entity.values(), strict=True)):
        replacing = any(replaces(fact.features) for fact in news)
        if replacing or (index in said and entity.facts and replaced(entity.facts)):
            features = b"".join([entity.facts, *(fact.features for fact in news)])
            if replaces_statement(features):
                found[index] = replaced(features)
    return found


async def _by_another_catalogue(
    usccs: Sequence[str],
    before: Sequence[Entity],
    known: dict[int, Restatement],
    transaction: UnitOfWork,
    book: RuleBook,
) -> dict[int, Restatement]:
    """By index, particulars of entities last told by another catalogue: every indicator of theirs is computed anew."""
    version = book.catalogue.version
    rows = [
        index
        for index, entity in enumerate(before)
        if entity.profile_version and entity.catalogue_version != version and index not in known
    ]
    if not rows:
        return {}
    found = await transaction.identities([usccs[index] for index in rows])
    return {index: Restatement(found[usccs[index]], found[usccs[index]]) for index in rows}


def _numbered(steps: Sequence[EntityStep], by_entity: dict[str, list[Fact]]) -> list[NumberedFact]:
    numbered = []
    for step, news in zip(steps, by_entity.values(), strict=True):
        number = len(step.before.facts) // WIDTH
        for fact in news:
            number += 1
            numbered.append(NumberedFact(fact, number))
    return numbered
