"""Facts under old codes count for the code of today (换码). In memory and on real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from eventbus import Transaction
from ingestion_builders import NOW_US, OTHER_USCC, PENALTIES, PILOT, REGISTRY, USCC, bench, fact
from ingestion_service.model.code import Alias
from ingestion_service.model.data import RegistrationRecoded
from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Correction, Filter
from ingestion_service.model.source import Signature, Source
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import Entry
from ingestion_service.rules.counting import verdict_of
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.rules.recoding import aliases, end_of
from ingestion_service.rules.retracting import OF_OTHER_ENTITY
from ingestion_service.store.codes import CodeBook, SqlCodes
from ingestion_service.store.register import SqlRegister
from ingestion_service.use_cases import recode
from ingestion_service.use_cases.join_held import BY, join_held
from ingestion_service.use_cases.settle import ReleaseOrder, release
from ingestion_service.worker.joiner import Joiner
from ingestion_store import Store, record

OLD = "510104000012345"
OLDER = "510104000054321"
EARLIER = "91510104YY00000223"
EVER = datetime(1970, 1, 1, tzinfo=UTC)
RECODED = "creditloop.registration.recoded.v1"
RETRACTED = "creditloop.fact.retracted.v1"


async def learn(store: Store, *pairs: tuple[str, str]) -> None:
    async with store.open() as tx:
        await tx.codes.learn([Alias(old, code, 1, f"R-{old}") for old, code in pairs])


def recoded(fact_id: str, old_code: str, **changes: Any) -> Fact:
    return fact(fact_id, type=RECODED, data={"old_code": old_code}, **changes)


def joiner_of(store: Store, at: datetime, *senders: Source) -> Joiner:
    async def bench_now() -> Bench:
        return bench(*senders)

    async def refresh() -> None:
        assert store.engine is not None
        await store.book.refresh(store.engine)

    return Joiner(refresh, store.open, bench_now, lambda: at)


async def known(store: Store, *codes: str) -> dict[str, str]:
    async with store.open() as tx:
        return dict(await tx.codes.current(codes))


async def test_a_fact_under_a_known_old_number_is_accepted_under_the_new_code(store: Store) -> None:
    """Half of the old files of a city carry registration numbers from before 2015."""
    await learn(store, (OLD, USCC))

    told = await record(store, [fact("1", subject=OLD), fact("2", subject="510104000099999")])

    found = await store.ledger.fact("penalties", "1")
    assert told == [Outcome.ACCEPTED, Outcome.QUARANTINED]
    assert found is not None
    assert found.contents is not None
    assert (found.uscc, found.contents["uscc"], found.sent_under) == (USCC, USCC, OLD)


async def test_a_fact_of_an_old_code_with_another_fault_is_held_for_that(store: Store) -> None:
    """A known code does not excuse a missing date."""
    await learn(store, (OLD, USCC))

    told = await record(store, [fact("1", subject=OLD, time=None)])

    assert told == [Outcome.QUARANTINED]
    assert [row.reason for row in await store.quarantine.page(Filter(), 0, 9)] == ["time_missing"]


async def test_an_earlier_uscc_counts_for_the_code_of_today(store: Store) -> None:
    """It looks right, so only memory can tell: no query is made for it."""
    await learn(store, (EARLIER, USCC))
    facts = [fact("1", subject=EARLIER), fact("2")]

    told = await record(store, facts)

    found = await store.ledger.fact("penalties", "1")
    assert told == [Outcome.ACCEPTED] * 2
    assert found is not None
    assert (found.uscc, found.sent_under) == (USCC, EARLIER)


async def test_held_facts_are_released_once_their_code_is_known(store: Store) -> None:
    """Held, then joined; each flows once, and what has another fault stays."""
    await record(store, [fact("1", subject=OLD), fact("2", subject=OLD, time=None), fact("3", subject="bad")])
    await learn(store, (OLD, USCC))

    for _ in range(2):
        after: int | None = 0
        while after is not None:
            async with store.open() as tx:
                after = await join_held(EVER, after, NOW_US + 5, bench(), tx)

    settled = await store.quarantine.get(1)
    found = await store.ledger.fact("penalties", "1")
    assert store.published() == ["1"]
    assert settled is not None
    assert (settled.settled_by, settled.note) == (BY, "an old code of a known entity")
    assert found is not None
    assert (found.uscc, found.sent_under) == (USCC, OLD)
    assert [row.fact_id for row in await store.quarantine.page(Filter(), 0, 9)] == ["2", "3"]


async def test_chains_of_codes_lead_to_the_code_of_today(store: Store) -> None:
    """Whatever order they are told in; and who goes back to an earlier code has that one again, in memory too."""
    await learn(store, (OLD, EARLIER))
    await learn(store, (EARLIER, USCC))
    forward = await known(store, OLD, EARLIER)
    await learn(store, ("a", OTHER_USCC), ("b", USCC))
    await learn(store, (USCC, OTHER_USCC))
    onward = await known(store, OLD, EARLIER, USCC, "b")
    async with store.open() as tx:
        in_memory = [end_of(code, tx.codes.recoded) for code in (EARLIER, USCC)]
    await learn(store, (OTHER_USCC, USCC))

    back = await known(store, OLD, EARLIER, USCC, "a", OTHER_USCC)
    async with store.open() as tx:
        links = dict(tx.codes.recoded)

    assert forward == {OLD: USCC, EARLIER: USCC}
    assert onward == dict.fromkeys((OLD, EARLIER, USCC, "b"), OTHER_USCC)
    assert back == dict.fromkeys((OLD, EARLIER, "a", OTHER_USCC), USCC)
    assert in_memory == [OTHER_USCC] * 2
    assert links == {EARLIER: USCC, OTHER_USCC: USCC}


async def test_codes_of_another_process_are_read_when_they_change(store: Store) -> None:
    """A restart, and a second process, know what the first one learned."""
    if store.engine is None:
        pytest.skip("memory has no other process")
    book = CodeBook()
    await book.refresh(store.engine)
    before = dict(book.recoded)
    await learn(store, (EARLIER, USCC), (OLD, USCC))

    await book.refresh(store.engine)

    assert (before, book.recoded) == ({}, {EARLIER: USCC})


async def test_no_change_of_codes_is_missed(store: Store) -> None:
    """One forgotten and one learned between two looks: their number is the same."""
    if store.engine is None:
        pytest.skip("memory has no other process")
    book = CodeBook()
    await learn(store, (EARLIER, USCC))
    await book.refresh(store.engine)
    async with store.open() as tx:
        await tx.codes.forget([(1, f"R-{EARLIER}")])
        await tx.codes.learn([Alias(PILOT, USCC, 1, "R")])

    await book.refresh(store.engine)

    assert book.recoded == {PILOT: USCC}


async def test_a_code_learned_is_in_memory_once_it_is_committed(store: Store) -> None:
    """The next batch already counts for the new code; a roll-back teaches nothing."""
    if store.engine is None:
        pytest.skip("memory needs no copy")
    book = CodeBook()
    async with store.engine.begin() as connection:
        transaction = Transaction(connection)
        await SqlCodes(transaction, book).learn([Alias(EARLIER, USCC, 1, "1"), Alias(OLD, USCC, 1, "2")])
    before = dict(book.recoded)

    transaction.committed()

    assert (before, book.recoded) == ({}, {EARLIER: USCC})


async def test_a_code_another_entity_has_claimed_is_no_alias_but_an_alert(store: Store) -> None:
    """A typing error of one office must not move the facts of another's firm."""
    await record(store, [recoded("R-1", OLD)])

    await record(store, [recoded("R-2", OLD, subject=OTHER_USCC), recoded("R-3", OLD)], NOW_US + 1)

    assert await known(store, OLD) == {OLD: USCC}
    assert await store.contested() == [f"{OLD} of R-2"]


async def test_a_wrong_re_coding_is_undone_by_its_retraction(store: Store) -> None:
    """It is recorded under the code it names, so it can be retracted under that; chains are as they were."""
    await record(store, [recoded("R-1", OLD, subject=EARLIER), recoded("R-2", EARLIER)])
    await record(store, [recoded("wrong", USCC, subject=OTHER_USCC)], NOW_US + 1)
    wrong = await known(store, OLD, EARLIER, USCC)
    retraction = fact("T", type=RETRACTED, subject=OTHER_USCC, data={"fact_id": "wrong"})

    told = await record(store, [retraction], NOW_US + 2)
    after = await record(store, [fact("1"), fact("2", subject=EARLIER)], NOW_US + 3)

    found = [await store.ledger.fact("penalties", fact_id) for fact_id in ("1", "2")]
    assert wrong == dict.fromkeys((OLD, EARLIER, USCC), OTHER_USCC)
    assert (told, after) == ([Outcome.ACCEPTED], [Outcome.ACCEPTED] * 2)
    assert await known(store, OLD, EARLIER, USCC) == {OLD: USCC, EARLIER: USCC}
    assert [each.uscc if each else None for each in found] == [USCC, USCC]


async def test_a_re_coding_corrected_teaches_the_right_code_only(store: Store) -> None:
    """Also where both come in one batch, and where the entity got yet another code in between."""
    await record(store, [recoded("R-1", EARLIER), recoded("R-2", USCC, subject=OTHER_USCC)])
    await record(store, [recoded("R-3", OLD, supersedes="R-1")], NOW_US + 1)
    both = [
        recoded("R-4", PILOT, subject=OTHER_USCC),
        recoded("R-5", OLDER, subject=OTHER_USCC, supersedes="R-4"),
    ]

    told = await record(store, both, NOW_US + 2)

    assert told == [Outcome.ACCEPTED] * 2
    assert await known(store, OLD, OLDER, EARLIER, PILOT) == {OLD: OTHER_USCC, OLDER: OTHER_USCC}


async def test_a_re_coding_stays_under_the_code_it_names(store: Store) -> None:
    """Translated, the fact that could take it back would be another entity's."""
    await learn(store, (EARLIER, USCC))

    await record(store, [recoded("R-1", OLD, subject=EARLIER)])

    found = await store.ledger.fact("penalties", "R-1")
    assert found is not None
    assert (found.uscc, found.sent_under, await known(store, OLD)) == (EARLIER, None, {OLD: USCC})


async def test_held_facts_are_not_released_under_the_code_of_a_pilot(store: Store) -> None:
    """Another process has just learned that the entity has a new one; memory does not know yet."""
    await record(store, [fact("1", subject=PILOT)])
    await learn(store, (PILOT, USCC))
    store.book.recoded.clear()

    async with store.open() as tx:
        await join_held(EVER, 0, NOW_US + 5, bench()._replace(usable_codes=RELEASABLE_CODES), tx)

    found = await store.ledger.fact("penalties", "1")
    assert found is not None
    assert found.uscc == USCC


async def test_what_was_held_for_a_suspended_source_is_joined_when_it_resumes(store: Store) -> None:
    """Its old code was learned meanwhile, and looked at; another process goes on from there."""
    if store.engine is None:
        pytest.skip("memory looks at everything each time")
    await record(store, [fact("1", subject=OLD)])
    await learn(store, (OLD, USCC))
    later = datetime.now(UTC) + timedelta(hours=1)
    register = SqlRegister(store.engine)

    await joiner_of(store, later, REGISTRY).join()
    suspended = list(store.published())
    await register.change("penalties", {"suspended": True}, Signature("x", later))
    await joiner_of(store, later + timedelta(hours=1), PENALTIES).join()

    assert (suspended, store.published()) == ([], ["1"])


async def test_what_was_looked_at_is_passed_over_after_a_restart(store: Store) -> None:
    """Years of held facts are not gone through at each start; what is new is found whichever came first."""
    if store.engine is None:
        pytest.skip("memory looks at everything each time")
    later = datetime.now(UTC) + timedelta(hours=1)
    await record(store, [fact("1", subject=OLD)])
    await learn(store, (OLD, USCC))
    await joiner_of(store, later, REGISTRY).join()
    async with store.open() as tx:
        since = await tx.codes.joined_until()
        at = int(later.timestamp() * 1_000_000)
        held = [str(reason) for reason in recode.OF_CODES]
        passed_over = list(await tx.quarantine.next_known(held, since, 0, 9))
        await tx.quarantine.set_aside([fact("2", subject=OLD)], at)
        found = list(await tx.quarantine.next_known(held, since, 0, 9))

    assert since == later - timedelta(minutes=5)
    assert (passed_over, found) == ([], [2])


async def test_what_retracts_or_supersedes_a_fact_of_another_entity_is_held(store: Store) -> None:
    """Accepted, it would do nothing, and its sender would never hear of it."""
    other = {"subject": OTHER_USCC}
    retraction = {"type": RETRACTED, "data": {"fact_id": "1"}}
    await record(store, [fact("1"), fact("2")])

    told = await record(
        store,
        [
            fact("T-1", **retraction, **other),
            fact("S-2", supersedes="2", **other),
            fact("3"),
            fact("S-3", supersedes="3", **other),
            fact("T-4", **retraction),
            fact("S-5", supersedes="not yet", **other),
        ],
        NOW_US + 1,
    )

    reasons = [(row.fact_id, row.reason) for row in await store.quarantine.page(Filter(), 0, 9)]
    assert (
        told == [Outcome.QUARANTINED] * 2 + [Outcome.ACCEPTED, Outcome.QUARANTINED] + [Outcome.ACCEPTED] * 2
    )
    assert reasons == [("T-1", "other_entity"), ("S-2", "other_entity"), ("S-3", "other_entity")]


async def test_facts_of_one_entity_under_two_codes_may_replace_each_other(store: Store) -> None:
    """A firm re-coded in between is one firm; and what is held may be corrected under any code."""
    await record(store, [fact("1", subject=EARLIER), fact("2", subject="bad")])
    await record(store, [recoded("R", EARLIER)], NOW_US + 1)

    told = await record(store, [fact("S-1", supersedes="1"), fact("S-2", supersedes="2")], NOW_US + 2)

    assert told == [Outcome.ACCEPTED] * 2


async def test_what_was_held_for_another_entity_is_released_under_its_own(store: Store) -> None:
    """As it came it stays held, and the officer is told what would be right."""
    await record(store, [fact("1"), fact("S-1", subject=OTHER_USCC, supersedes="1")])

    async with store.open() as tx:
        still = await release(ReleaseOrder(1, Correction(), "an officer", NOW_US + 1), bench(), tx)
        right = await release(
            ReleaseOrder(1, Correction(subject=USCC), "an officer", NOW_US + 2), bench(), tx
        )

    assert (still.verdict, still.problems, right.verdict) == (
        Outcome.QUARANTINED,
        (OF_OTHER_ENTITY,),
        Outcome.ACCEPTED,
    )


def test_the_sender_is_told_what_would_be_right() -> None:
    """Only the ledger knows that the entity is another, so the fact itself has no reason yet."""
    told = verdict_of(fact("1"), Outcome.QUARANTINED)

    assert (told.reason, told.problems) == ("other_entity", (OF_OTHER_ENTITY,))


def test_an_alias_is_told_by_the_fact_that_an_entity_got_a_new_code() -> None:
    """Spelt as codes are; what tells nothing and what has the form of no code is left out."""
    plain = fact("1")
    no_codes = ("无", "-", "12345", "51010400001234X", "91510104YY000001IO", "9151010AYY000001XM")

    def says(old_code: str) -> Any:
        return msgspec.structs.replace(plain, says=RegistrationRecoded(old_code))

    told = aliases(
        [says(" 510104０00012345 "), says(EARLIER), says(USCC), says(" "), plain, *map(says, no_codes)]
    )

    assert told == [Alias(OLD, USCC, PENALTIES.id, "1"), Alias(EARLIER, USCC, PENALTIES.id, "1")]


async def test_only_accepted_facts_of_that_type_teach_codes(store: Store) -> None:
    """A quarantined one may be wrong itself."""
    told = msgspec.structs.replace(fact("1"), says=RegistrationRecoded(OLD))
    async with store.open() as tx:
        await recode.keep_codes([Entry(fact("2"), b"x")], {}, tx)
        await recode.keep_codes([Entry(told, None)], {}, tx)
        held = dict(await tx.codes.current([OLD]))

        await recode.keep_codes([Entry(told, b"x")], {}, tx)

    assert (held, await known(store, OLD)) == ({}, {OLD: USCC})


async def test_the_fact_itself_is_taken_and_teaches_the_code(store: Store) -> None:
    """From the message to the next fact under the old number."""
    told = await record(store, [fact("R", type=RECODED, data={"old_code": OLD})])
    after = await record(store, [fact("1", subject=OLD)], NOW_US + 1)

    assert (told, after) == ([Outcome.ACCEPTED], [Outcome.ACCEPTED])


async def test_duplicates_leave_their_number(store: Store) -> None:
    """Figures of quality need it, and nothing else remains of them; a batch tried again is counted once."""
    await record(store, [fact("1"), fact("1"), fact("2")])
    for _ in range(2):
        await record(store, [fact("1"), fact("2"), fact("3")], NOW_US + 7)

    assert await store.repeated() == 3
