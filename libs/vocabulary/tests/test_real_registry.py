"""The vocabulary against a public copy of real registrations, where the file is at hand.

The folder is ``CREDITLOOP_REAL_DATA``, or ``shared/data`` beside the checkout.
"""

import csv
import gzip
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from vocabulary.addresses import normalise_address, read_address
from vocabulary.areas import area_of_address
from vocabulary.entity_types import type_of_text
from vocabulary.money import parse_capital
from vocabulary.uscc import UsccVerdict, check, check_many

FOLDER = Path(
    os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
)
REGISTRY = FOLDER / "chengdu-registry.csv.gz"

pytestmark = pytest.mark.skipif(
    not REGISTRY.exists(), reason="the real registry is absent: set CREDITLOOP_REAL_DATA"
)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with gzip.open(REGISTRY, "rt", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_real_codes_get_the_same_verdict_fast_and_slow(rows: list[dict[str, str]]) -> None:
    """Lower-case, pilot and 15-digit codes as found; none of them is lost for its form."""
    codes = [row["统一社会信用代码"] for row in rows]

    verdicts = check_many(codes).tolist()

    assert verdicts == [check(code) for code in codes]
    assert set(verdicts) == {UsccVerdict.VALID, UsccVerdict.LEGACY_PILOT, UsccVerdict.OLD_REGISTRATION_NUMBER}
    assert verdicts.count(UsccVerdict.VALID) / len(codes) > 0.99


def test_nearly_every_real_capital_is_read(
    rows: list[dict[str, str]], record_property: Callable[[str, object], None]
) -> None:
    """At least 97 in 100 of the distinct texts, whatever their wording."""
    texts = {row["注册资金"] for row in rows} - {"N/A"}

    unread = sorted(text for text in texts if parse_capital(text) is None)

    share = 1 - len(unread) / len(texts)
    record_property("share_parsed", share)
    print(f"registered capital: {share:.4%} of {len(texts)} distinct texts read; not read: {unread}")  # noqa: T201  # the share is a result
    assert share >= 0.97


def test_most_real_addresses_tell_their_area(rows: list[dict[str, str]]) -> None:
    """The others name only a street; each of the areas that existed in 2019 occurs."""
    found = Counter(area_of_address(row["注册地址"]) for row in rows)

    assert 1 - found[None] / len(rows) > 0.85
    assert len(found.keys() - {None}) == 22


def test_every_real_type_wording_is_understood(rows: list[dict[str, str]]) -> None:
    """Only what the file leaves out stays open."""
    wordings = {row["企业类型"] for row in rows} - {"N/A"}

    assert [wording for wording in wordings if type_of_text(wording) is None] == []


def test_real_addresses_stay_as_they_are_when_normalised_again(rows: list[dict[str, str]]) -> None:
    """And at least three in four tell their building."""
    places = [read_address(row["注册地址"]) for row in rows]

    assert [place.text for place in places] == [normalise_address(place.text) for place in places]
    assert sum(bool(place.building) for place in places) / len(places) > 0.75
