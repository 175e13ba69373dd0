"""The mixed stream of facts that the benchmark and the chaos run post: fictional entities, ready-made bytes.

The mix is that of the demo city's two years (`city/rates.yaml`), registrations left out: reports, complaints,
changes and inspections by the dozen for every penalty or listing.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from vocabulary import areas, uscc

SOURCE = "bench"
_HEAD = '{"specversion":"1.0","id":"%s","source":"' + SOURCE + '","subject":"%s","time":"%s",'
_TWO_YEARS = timedelta(days=730)
_TURN = 50_000
_SAME_INSTANT = 64
_INDUSTRIES = ("F52", "H62", "I65", "L72", "C14", "E50", "M74", "O80", "G59", "R88")


class Kind(NamedTuple):
    """One kind of fact: its share of the stream, in parts, and the rest of its JSON."""

    parts: int
    body: str


_MIX = (
    Kind(30, '"type":"creditloop.annual-report.filed.v1","data":{"report_year":%(year)d,"late":false}}'),
    Kind(2, '"type":"creditloop.annual-report.filed.v1","data":{"report_year":%(year)d,"late":true}}'),
    Kind(2, '"type":"creditloop.annual-report.missed.v1","data":{"report_year":%(year)d}}'),
    Kind(
        20,
        '"type":"creditloop.complaint.received.v1","data":{"channel_kind":"complaint","category":"goods-quality",'
        '"upheld":%(upheld)s,"platform":""}}',
    ),
    Kind(
        16,
        '"type":"creditloop.registration.changed.v1","data":{"field":"address","before":"成都市锦江区春熙路1号",'
        '"after":"成都市锦江区春熙路%(number)d号"}}',
    ),
    Kind(
        6,
        '"type":"creditloop.registration.changed.v1","data":{"field":"legal_person_ref","before":"P1",'
        '"after":"P%(number)d"}}',
    ),
    Kind(
        15,
        '"type":"creditloop.inspection.completed.v1","data":{"item":"general","result_codes":["no_problem"],'
        '"critical_violations":0,"serious_violations":0,"minor_violations":0,"department":"market-supervision"}}',
    ),
    Kind(
        4,
        '"type":"creditloop.inspection.completed.v1","data":{"item":"general","result_codes":["corrected"],'
        '"critical_violations":0,"serious_violations":1,"minor_violations":2,"department":"market-supervision"}}',
    ),
    Kind(
        2,
        '"type":"creditloop.penalty.imposed.v1","data":{"document_number":"（虚构）罚〔2026〕%(number)d号",'
        '"kinds":["fine"],"fine_fen":%(fine)d,"confiscated_fen":0,"severity":"ordinary","key_field":"",'
        '"violation":"advertising","authority":"fictional bureau"}}',
    ),
    Kind(
        2,
        '"type":"creditloop.listing.entered.v1","data":{"list":"abnormal","reason":"annual_report_missed",'
        '"document_number":"（虚构）列〔2026〕%(number)d号"}}',
    ),
    Kind(
        1,
        '"type":"creditloop.listing.removed.v1","data":{"list":"abnormal","listing_fact_id":"","reason":"corrected"}}',
    ),
)


class City(NamedTuple):
    """The entities of a run, by synthetic code, and the day the stream happens on."""

    codes: list[str]
    today: date


def city(entities: int, today: date) -> City:
    """That many fictional entities; the same for every run."""
    return City([uscc.synthesise("9", "1", "510100", number) for number in range(entities)], today)


def registrations(town: City, run: str) -> Iterator[bytes]:
    """One registration per entity."""
    codes = sorted(areas.areas())
    for number, code in enumerate(town.codes):
        established = town.today - _TWO_YEARS - timedelta(days=50 + number % 5000)
        head = _HEAD % (f"{run}-r{number}", code, _instant(established))
        yield (
            head + '"type":"creditloop.registration.recorded.v1","data":{"name":"虚构商贸%d号有限公司",'
            '"entity_type":"1130","established_on":"%s","registered_capital_fen":%d,"area_code":"%s","industry":"%s",'
            '"address":"成都市虚构路%d号","legal_person_ref":"P%d","business_scope":"虚构","platforms":[]}}'
            % (
                number,
                established,
                (1 + number % 100) * 1_000_000,
                codes[number % len(codes)],
                _INDUSTRIES[number % len(_INDUSTRIES)],
                number,
                number,
            )
        ).encode()


Calendar = Callable[[int], float]
"""How much of the two years has passed when this fact, counted from 0, happens: 0 to 1."""


def spread(facts: int) -> Calendar:
    """So many facts fill the two years evenly; the rest happen at their end."""
    return lambda number: number / facts


def turning(number: int) -> float:
    """Year in, year out: every fifty thousand facts fill the two years once."""
    return number % _TURN / _TURN


def facts(town: City, run: str, seed: int, calendar: Calendar = turning) -> Iterator[tuple[str, bytes]]:
    """The endless mixed stream: (code, fact), over the two years that end yesterday.

    Dated evenly, so that a fact moves what it would move in a real year: the windows of 90 days, 12 and 36 months.
    All but the dates is the same for the same seed.
    """
    chance = random.Random(seed)
    bodies = list(itertools.chain.from_iterable([kind.body] * kind.parts for kind in _MIX))
    end = datetime.combine(town.today - timedelta(days=1), datetime.min.time(), UTC)
    start = end - _TWO_YEARS
    when = ""
    for number in itertools.count():
        code = town.codes[int(chance.random() * len(town.codes))]
        draw = chance.random()
        body = bodies[int(draw * len(bodies))] % {
            "year": 2023 + number % 3,
            "upheld": "true" if number % 3 == 0 else "false",
            "number": number,
            "fine": 100_000 + number % 7 * 1_000_000,
        }
        if number % _SAME_INSTANT == 0:
            when = (start + _TWO_YEARS * min(calendar(number), 1.0)).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield code, (_HEAD % (f"{run}-{number}", code, when) + body).encode()


def _instant(day: date) -> str:
    return f"{day.isoformat()}T01:00:00Z"
