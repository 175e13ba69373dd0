"""People find an entity by what they remember of it."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import partial
from itertools import pairwise
from math import inf
from random import Random
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiling_service.model.searching import Candidate, Found, Hit
from profiling_service.rules.identity import address_key
from profiling_service.rules.searching.asking import question
from profiling_service.rules.searching.folding import core, folded
from profiling_service.rules.searching.grams import Ask, Field, kept, of_area
from profiling_service.search_bench.fiction import Someone, city, slip
from profiling_service.search_bench.founding import found
from profiling_service.store.searching import SqlSearch, refresh
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.search import search
from profiling_service.worker import keep_up
from sqlalchemy import text

_KNOWN = [
    ("91510104YY00000011", "510104", "成都鑫源餐饮管理有限公司", "成都市锦江区虚构路7号3栋", "Pone"),
    ("92510105YY00000021", "510105", "青羊区云禾百货店", "成都市青羊区样本东街12号", "Ptwo"),
    ("91510104YY00000038", "510104", "成都云禾科技有限责任公司", "成都市锦江区样本东街9号", "Pone"),
    ("91510117YY00000049", "510117", "ＡＢＣ（成都）软件股份有限公司", "成都市郫都区演示巷1号", "P%ree"),
]
KNOWN = [Someone(*each) for each in _KNOWN]


NOTHING = ("不存在的", "?!", " ", "\0", "%", "😀", "a" * 100, "'", "\\", "９１")
LINES = (
    *(
        "鑫源餐饮",
        "鑫原餐饮",
        "源鑫餐饮",
        "餐饮 鑫源",
        "云和百货店",
        "abc成都软件",
        "成都",
        "有限公司",
        "云禾科技有限公司",
    ),
    *(
        "91510104YY00000011",
        "91510104YY00000101",
        "91510104YY0000011",
        "YY0000001",
        "91510104",
        "9Y510104YY000",
    ),
    *("虚构路7号", "成都锦江区虚构路7号3幢", "锦江区虚勾路7号", "样本东街", "Pone", "P%re", "%one", *NOTHING),
)


class MemorySearch:
    """`SearchReads` in dictionaries."""

    def __init__(self, someones: Sequence[Someone]) -> None:
        self._known = {
            one.uscc: Found(one.uscc, one.name, 1, one.area_code, "", "", one.address, one.person)
            for one in someones
        }
        self._texts = {
            (field, one.uscc): value
            for one in someones
            for field, value in (
                (Field.NAME, folded(one.name).text),
                (Field.ADDRESS, folded(address_key(one.address)).text),
                (Field.CODE, one.uscc.casefold()),
            )
        }
        self._having: dict[int, set[str]] = defaultdict(set)
        for one in someones:
            name, address = (self._texts[field, one.uscc] for field in (Field.NAME, Field.ADDRESS))
            for piece in kept(one.uscc, name, address, one.area_code):
                self._having[piece].add(one.uscc)

    async def asked(self, asks: Sequence[Ask], area_code: str | None, most: int) -> Sequence[Candidate]:
        here = set() if area_code is None else {of_area(area_code)}
        return [
            Candidate(ask.field, uscc, self._texts[ask.field, uscc])
            for ask in asks
            for uscc in self._with({*ask.pieces, *here})[:most]
        ]

    def _with(self, pieces: Collection[int]) -> list[str]:
        having = sorted((self._having.get(piece, set()) for piece in pieces), key=len)
        return sorted(set.intersection(*having))

    async def beginning(self, code: str, person: str, area_code: str | None, most: int) -> Sequence[str]:
        begins = [
            one.uscc
            for one in self._known.values()
            if area_code in (None, one.area_code)
            and ((code and one.uscc.startswith(code)) or (person and one.legal_person_ref.startswith(person)))
        ]
        return begins[:most]

    async def entities(self, usccs: Collection[str], area_code: str | None) -> Sequence[Found]:
        there = [self._known[uscc] for uscc in usccs if uscc in self._known]
        return [one for one in there if area_code in (None, one.area_code)]


@pytest.fixture
def reads() -> MemorySearch:
    """Who is known, searchable."""
    return MemorySearch(KNOWN)


class Bus:
    """What `found` needs of one."""

    def __init__(self, world: Any) -> None:
        self.engine, self.transaction = world.engine, world.bus_transaction


def names(hits: Sequence[Hit]) -> list[str]:
    return [hit.entity.name for hit in hits]


@pytest.mark.parametrize(
    ("typed", "by", "stretches"),
    [
        ("鑫源餐饮", "name", ["鑫源餐饮"]),
        ("鑫源", "name", ["鑫源"]),
        ("鑫原餐饮", "name", ["鑫", "餐饮"]),
        ("源鑫餐饮", "name", ["源餐饮"]),
        ("成都鑫源餐饮管理有限责任公司", "name", ["成都鑫源餐饮管理有限公司"]),
        ("餐饮 鑫源", "name", ["鑫源餐饮"]),
        ("91510104YY00000011", "code", ["91510104YY00000011"]),
        ("9151 0104 yy00-0000-11", "code", ["91510104YY00000011"]),
        ("YY0000001", "code", ["YY0000001"]),
        ("虚构路7号", "address", ["虚构路7号"]),
        ("成都锦江区虚构路7号3幢", "address", ["锦江区虚构路7号3栋"]),
        ("锦江区虚勾路7号", "address", ["锦江区虚", "路7号"]),
    ],
)
async def test_an_entity_is_found_by_part_of_what_is_known_of_it(
    reads: Any, typed: str, by: str, stretches: list[str]
) -> None:
    """People remember a brand, a street, the end of a code; the screen shows what of it matched."""
    best = (await search(typed, None, 10, reads))[0]

    shown = {"name": best.entity.name, "code": best.entity.uscc, "address": best.entity.address}[
        best.match.by
    ]
    assert (best.entity.uscc, best.match.by) == (KNOWN[0].uscc, by)
    assert [shown[start:end] for start, end in best.match.ranges] == stretches


@pytest.mark.parametrize(
    "typed",
    ["91510104YY00000012", "91510104YY00000101", "91510104YY0000011", "91510104YY000000111"],
)
async def test_a_code_with_a_slip_finds_whom_it_was_meant_for(reads: Any, typed: str) -> None:
    """A digit misread, two swapped, one left out, one typed twice."""
    best = (await search(typed, None, 10, reads))[0]

    assert (best.entity.uscc, best.match.by) == (KNOWN[0].uscc, "code")


async def test_widths_cases_and_marks_do_not_matter_and_stretches_are_those_of_the_text_as_written(
    reads: Any,
) -> None:
    """Registers write full-width letters and brackets; people do not."""
    (best, *_) = await search("abc成都软件", None, 10, reads)

    assert best.entity.uscc == KNOWN[3].uscc
    assert [best.entity.name[start:end] for start, end in best.match.ranges] == ["ＡＢＣ（成都）软件"]


async def test_a_person_finds_all_they_represent_and_no_mark_stands_for_others(reads: Any) -> None:
    """The reference is a pseudonym; `%` in it is itself."""
    one, three = await search("Pone", None, 10, reads), await search("P%re", None, 10, reads)

    assert {hit.entity.uscc for hit in one} == {KNOWN[0].uscc, KNOWN[2].uscc}
    assert [(hit.entity.uscc, hit.match.by) for hit in three] == [(KNOWN[3].uscc, "person")]
    assert await search("%one", None, 10, reads) == []


async def test_words_that_all_names_have_decide_nothing(reads: Any) -> None:
    """云禾 with another form of business is still 云禾, and no company besides."""
    found_ = await search("云禾科技有限公司", None, 10, reads)

    assert names(found_)[0] == "成都云禾科技有限责任公司"
    assert "成都鑫源餐饮管理有限公司" not in names(found_)


async def test_common_words_alone_find_those_that_have_them(reads: Any) -> None:
    """Somebody who types 成都 is shown something."""
    assert {hit.match.by for hit in await search("有限公司", None, 10, reads)} == {"name"}
    assert len(await search("成都", None, 2, reads)) == 2


async def test_nobody_of_another_area_is_found(reads: Any) -> None:
    """By none of the ways, whole or with a slip."""
    for typed in (
        "云禾",
        "云和百货店",
        "92510105YY00000021",
        "92510105YY00000012",
        "92510105",
        "Ptwo",
        "样本东街12号",
    ):
        assert {hit.entity.area_code for hit in await search(typed, "510104", 10, reads)} <= {"510104"}
    assert names(await search("云禾", "510104", 10, reads)) == ["成都云禾科技有限责任公司"]


async def test_what_is_nothing_like_anybody_finds_nobody(reads: Any) -> None:
    """And no text is an error."""
    for typed in NOTHING:
        assert await search(typed, None, 10, reads) == []


async def test_the_database_answers_as_memory_does(sql_world: Any, reads: MemorySearch) -> None:
    """What is tested in memory holds for what people are answered."""
    await found(Bus(sql_world), KNOWN)
    assert await refresh(sql_world.engine) == len(KNOWN)

    for typed in LINES:
        for area_code in (None, "510104"):
            answers = [
                await search(typed, area_code, 10, each) for each in (reads, SqlSearch(sql_world.engine))
            ]
            assert answers[0] == answers[1], typed


CITY = list(city(10_000, seed=7))
CITY_READS = MemorySearch(CITY)


@settings(max_examples=150, deadline=None)
@given(number=st.integers(0, len(CITY) - 1), seed=st.integers(0, 2**32))
def test_a_name_with_one_slip_is_among_the_first_ten_of_ten_thousand(number: int, seed: int) -> None:
    """One character wrong, missing, added or swapped, anywhere in the name."""
    meant = CITY[number]

    hits = asyncio.run(search(slip(meant.name, Random(seed)), None, 10, CITY_READS))

    assert meant.uscc in {hit.entity.uscc for hit in hits}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("虚构天府新芙蓉里某软件有限公司000131", {Field.NAME, Field.ADDRESS}),
        ("成都市锦江区虚勾路7号3栋", {Field.ADDRESS}),
    ],
)
def test_a_number_makes_a_line_an_address_only_where_addresses_have_theirs(
    typed: str, fields: set[Field]
) -> None:
    """A name may end with a number, however long it is."""
    assert {ask.field for ask in question(typed).near()} == fields


@given(text=st.text(max_size=30))
def test_folding_twice_is_folding_once_and_every_mark_has_its_origin(text: str) -> None:
    """What is kept is compared with what is asked; what is shown is what was written."""
    once = folded(text)

    assert folded(once.text).text == once.text
    assert len(once.origins) == len(once.text)
    assert all(0 <= origin < len(text) for origin in once.origins)
    assert core(once.text) in (core(core(once.text)), core(once.text))


async def test_a_new_name_is_searchable_once_the_list_was_taken_and_the_old_one_is_not(
    sql_world: Any, book: Any, facts: Any, sample: Any
) -> None:
    """The list is written with the facts, and only with those that say who somebody is."""
    async with sql_world.transaction() as tx:
        await record_facts([facts.registration(name="旧名小吃店")], tx, book)
    await refresh(sql_world.engine)
    reads = SqlSearch(sql_world.engine)
    assert len(await search("旧名小吃", None, 10, reads)) == 1

    async with sql_world.transaction() as tx:
        await record_facts([facts.registration(name="崭新面馆", on=5), facts.penalty("P-1")], tx, book)
    async with sql_world.transaction() as tx:
        await record_facts([facts.penalty("P-2"), facts.penalty("P-3", on=3)], tx, book)

    async with sql_world.engine.connect() as connection:
        assert (await connection.execute(text("select uscc from search_due"))).scalars().all() == [
            sample.uscc
        ]
    assert await refresh(sql_world.engine) == 1
    assert await search("旧名小吃", None, 10, reads) == []
    assert len(await search("崭新面馆", None, 10, reads)) == 1


async def test_a_change_waits_while_another_process_makes_changes_searchable(sql_world: Any) -> None:
    """Two at once might leave the older of two states."""
    await found(Bus(sql_world), KNOWN)
    async with sql_world.engine.begin() as other:
        await other.execute(text("select pg_advisory_xact_lock(hashtext('profiling.searchable'))"))

        assert await refresh(sql_world.engine) == 0

    assert await refresh(sql_world.engine) == len(KNOWN)


@pytest.mark.parametrize(("waiting", "least", "less_than"), [(0, 2, 9), (7, 10, inf)])
async def test_facts_that_wait_have_precedence(waiting: int, least: float, less_than: float) -> None:
    """What makes entities searchable takes a tenth of the time then; half of it would cost the loop a quarter."""
    worked_s, begun, stop = 0.02, list[float](), asyncio.Event()

    async def part() -> int:
        begun.append(monotonic())
        await asyncio.sleep(worked_s)
        if len(begun) == 6:
            stop.set()
        return 1

    async with asyncio.timeout(20):
        await keep_up(part, stop, waiting=lambda: waiting)

    shortest = min(after - before for before, after in pairwise(begun))
    assert 0.99 * least < shortest / worked_s < less_than


async def test_the_worker_takes_what_comes_until_it_is_told_to_stop(sql_world: Any) -> None:
    """A service that is asked to end does not wait for the next look."""
    stop = asyncio.Event()
    working = asyncio.create_task(keep_up(partial(refresh, sql_world.engine), stop, poll_s=0.01))
    await found(Bus(sql_world), KNOWN)

    async with asyncio.timeout(20):
        while not await search("鑫源餐饮", None, 10, SqlSearch(sql_world.engine)):
            await asyncio.sleep(0.01)
        stop.set()
        await working

    assert await refresh(sql_world.engine) == 0
