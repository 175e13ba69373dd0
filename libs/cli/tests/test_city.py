"""The fictional city."""

from datetime import date

import msgspec
import pytest
from creditloop_cli.city.generate import City, generate
from creditloop_cli.city.packs import rates, words
from vocabulary.areas import areas
from vocabulary.uscc import FICTIONAL_BODY, UsccVerdict, check_many

TODAY = date(2026, 11, 23)
Event = dict[str, object]


@pytest.fixture(scope="module")
def city() -> City:
    return generate(2000, 7, TODAY)


@pytest.fixture(scope="module")
def events(city: City) -> list[Event]:
    return [msgspec.json.decode(line) for _, batch in city.batches() for line in batch.lines]


def test_the_same_seed_gives_the_same_facts() -> None:
    """A second demo must tell the same story."""
    first = [batch.ndjson() for _, batch in generate(300, 7, TODAY).batches(lanes=2)]

    second = [batch.ndjson() for _, batch in generate(300, 7, TODAY).batches(lanes=2)]

    assert first == second


def test_another_seed_gives_another_city() -> None:
    """Otherwise the seed would be for show."""
    assert generate(300, 7, TODAY).counts() != generate(300, 8, TODAY).counts()


def test_every_code_is_valid_and_fictional(city: City) -> None:
    """No invented fact may ever be attached to a real business."""
    codes = city.population.uscc

    verdicts = check_many(codes)

    assert set(verdicts.tolist()) == {UsccVerdict.VALID}
    assert len(set(codes)) == len(codes)
    assert all(code[8:10] == FICTIONAL_BODY for code in codes)


def test_every_name_says_that_it_is_fictional(events: list[Event]) -> None:
    """Somebody will see a screenshot without its context."""
    names = [event["data"]["name"] for event in events if event["type"].endswith("registration.recorded.v1")]

    assert all(name.startswith("虚构") for name in names)
    assert len(set(names)) == len(names)


def test_facts_come_in_order_of_time(events: list[Event], city: City) -> None:
    """Two years are replayed as they happened."""
    steps = [batch for _, batch in city.batches(size=1)]

    times = [msgspec.json.decode(batch.lines[0])["time"] for batch in steps]

    assert times == sorted(times)
    assert len(times) == len(events)


def test_no_fact_lies_in_the_future(events: list[Event]) -> None:
    """Ingestion quarantines what has not happened yet."""
    assert max(event["time"] for event in events) < "2026-11-22T16:00:00Z"


def test_facts_of_an_entity_stay_on_its_lane(city: City) -> None:
    """Two connections must not overtake each other with facts of one entity."""
    lane_of: dict[str, int] = {}
    for lane, batch in city.batches(lanes=3):
        for line in batch.lines:
            subject = msgspec.json.decode(line)["subject"]
            assert lane_of.setdefault(subject, lane) == lane


def test_fact_ids_are_unique_within_their_source(events: list[Event]) -> None:
    """A fact whose id is taken counts as a duplicate and is lost to the city."""
    keys = {(event["source"], event["id"]) for event in events}

    assert len(keys) == len(events)


def test_nothing_happens_after_an_entity_has_closed(events: list[Event]) -> None:
    """The dead do not file annual reports."""
    closed = {
        event["subject"]: event["time"]
        for event in events
        if event["type"] in {"creditloop.registration.cancelled.v1", "creditloop.registration.revoked.v1"}
    }

    late = [event for event in events if event["time"] > closed.get(event["subject"], "9999")]

    assert closed
    assert not late


def test_removals_name_a_listing_that_was_entered_before(events: list[Event]) -> None:
    """A removal without its listing would leave the entity on the list for ever."""
    entered = {event["id"]: event for event in events if event["type"] == "creditloop.listing.entered.v1"}

    removed = [event for event in events if event["type"] == "creditloop.listing.removed.v1"]

    assert removed
    for event in removed:
        listing = entered[event["data"]["listing_fact_id"]]
        assert (listing["subject"], listing["source"]) == (event["subject"], event["source"])
        assert listing["time"] < event["time"]


def test_shares_are_near_the_rates(city: City) -> None:
    """The rates file is what a reader changes; it must be what drives the city."""
    population, figures = city.population, rates()

    individual = population.individual.mean()
    reports = city.counts()
    missed = reports["annual-report.missed"] / (
        reports["annual-report.filed"] + reports["annual-report.missed"]
    )

    assert individual == pytest.approx(figures.population["individual_share"].value, abs=0.04)
    assert 0.02 < missed < 0.12


def test_twenty_thousand_entities_have_some_hundred_thousand_facts() -> None:
    """The demo promises two years of a city, within its time."""
    assert 115_000 < generate(20_000, 5, TODAY).facts < 165_000


def test_all_23_areas_have_a_weight() -> None:
    """An area without entities would be missing from every table."""
    assert set(words().areas) == set(areas())


def test_every_rate_says_where_it_comes_from() -> None:
    """Policy and figures are data with a source, or say that they are ours."""
    document = msgspec.to_builtins(rates())
    groups = [group for group in document.values() if "value" not in group]
    figures = [rate for group in groups for rate in group.values()]

    assert all(rate["source"] and rate["confidence"] for rate in figures)


def test_a_city_of_any_day_of_the_year_can_be_made() -> None:
    """Business time is a parameter: no season may be taken for granted."""
    for today in (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2028, 2, 29)):
        assert generate(200, 1, today).facts > 500
