"""Decisions without anything around them."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from urllib.parse import parse_qsl, unquote, urlencode

import pytest
from console_service.model import LaneReading, Reading
from console_service.rules.addresses import origin_of
from console_service.rules.paths import SERVICES, entity_of, is_logged, is_plain
from console_service.rules.queries import readable, without
from console_service.rules.sessions import is_own_path
from console_service.rules.stages import stages
from console_service.rules.throttling import Failures, keys_of, wait_s
from console_service.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 27, tzinfo=UTC)
USCC = "91510104YY0000079X"


@given(count=st.integers(0, 10_000), kind=st.sampled_from(["device", "pair", "address", "name"]))
def test_nobody_waits_for_longer_than_a_quarter_of_an_hour(count: int, kind: str) -> None:
    shared = kind in {"address", "name"}

    assert wait_s([Failures(f"{kind}:x", count, NOW)], NOW) <= (60 if shared else 900)


def test_waiting_grows_with_failures_and_ends() -> None:
    waits = [wait_s([Failures("pair:x", count, NOW)], NOW) for count in (4, 5, 6, 8, 30)]

    assert waits == [0, 10, 20, 80, 900]
    assert wait_s([Failures("pair:x", 8, NOW - timedelta(seconds=81))], NOW) == 0


def test_a_known_browser_is_counted_alone() -> None:
    assert keys_of("bob", "10.0.0.7", "ab") == ["device:ab"]
    assert len(keys_of("bob", "10.0.0.7", None)) == 3


@given(st.text(alphabet="./%2eEfF5cC\\v1a-", max_size=40))
def test_no_path_leads_out_of_v1(text: str) -> None:
    path = f"/v1/{text}"
    if is_plain(path):
        decoded = unquote(unquote(path))
        assert decoded.startswith("/v1/")
        assert ".." not in decoded.split("/")


@pytest.mark.parametrize(
    ("path", "query", "entity"),
    [
        (f"/v1/entities/{USCC}/class", "", USCC),
        (f"/v1/trail/{USCC}", "", USCC),
        ("/v1/signals", f"limit=5&uscc={USCC}", USCC),
        ("/v1/entities", "q=abc", None),
        ("/v1/entities/lookup", "", None),
        (f"/v1/signals/fine_shock|{USCC}|20000", "", USCC),
        (f"/v1/signals/fine_shock|{USCC}|20000/clear", "", USCC),
    ],
)
def test_the_entity_that_is_asked_for_is_found(path: str, query: str, entity: str | None) -> None:
    assert entity_of(path, query) == entity


@pytest.mark.parametrize(
    ("told", "secure"),
    [
        ({}, False),
        ({"http_host": "0.0.0.0"}, True),  # noqa: S104 - it is the case
        ({"oidc_redirect_base": "https://console.example"}, True),
        ({"oidc_redirect_base": "https://console.example", "cookie_secure": False}, False),
    ],
)
def test_cookies_go_by_https_alone_where_browsers_come_so(told: dict[str, object], secure: bool) -> None:  # noqa: FBT001
    """Also behind a proxy on the same machine that speaks https."""
    least = {"database_url": "", "service_urls": dict.fromkeys(SERVICES, ""), "state_dir": "/nowhere"}

    assert Settings.model_validate({**least, **told}).secure_cookies is secure


def test_who_reads_an_entity_or_changes_or_lists_classes_is_logged() -> None:
    asked = [
        ("GET", "profiling", f"/v1/entities/{USCC}", USCC),
        ("POST", "sampling", "/v1/draws", None),
        ("GET", "classification", "/v1/classes", None),
        ("GET", "sampling", "/v1/tasks", None),
        ("GET", "profiling", "/v1/entities/search", None),
    ]
    unsaid = [("GET", "classification", "/v1/models", None), ("GET", "sampling", "/v1/items", None)]

    assert all(is_logged(*each) for each in asked)
    assert not any(is_logged(*each) for each in unsaid)


@pytest.mark.parametrize("path", ["//evil", "/\\evil", "https://evil", "/api/session", "/a\nb", ""])
def test_nobody_is_sent_elsewhere_after_logging_in(path: str) -> None:
    assert not is_own_path(path)


def test_an_address_is_believed_only_from_our_own_proxies() -> None:
    ours = [ip_network("10.0.0.0/8")]

    assert origin_of("10.0.0.1", "1.1.1.1, 2.2.2.2", ours) == "2.2.2.2"
    assert origin_of("10.0.0.1", "1.1.1.1, 2.2.2.2, 10.9.9.9", ours) == "2.2.2.2"
    assert origin_of("3.3.3.3", "1.1.1.1", ours) == "3.3.3.3"
    assert origin_of("10.0.0.1", "", ours) == "10.0.0.1"


def test_stages_tell_rates_backlogs_and_alarms() -> None:
    before = {service: _reading(at_s=10.0, read=100, published=50) for service in SERVICES}
    now = {service: _reading(at_s=12.0, read=140, published=60, lag=7) for service in SERVICES}
    now["repair"] = Reading(12.0, up=False, lanes=None, dead_letters=None, oldest_pending_s=None, figures={})
    now["classification"] = _reading(at_s=12.0, read=140, published=60, lag=7, letters=2)

    told = {figures.stage: figures for figures in stages(before, now)}

    assert list(told) == ["collect", "profile", "sense", "classify", "dispose", "review"]
    profile, classify, dispose = told["profile"], told["classify"], told["dispose"]
    assert (profile.in_per_s, profile.out_per_s, profile.backlog) == (20.0, 5.0, 7)
    assert (told["collect"].in_per_s, told["collect"].backlog) == (15.0, 11)
    assert (classify.dead_letters, [alarm.code for alarm in classify.alarms]) == (2, ["dead_letters"])
    assert (dispose.up, dispose.in_per_s, [alarm.code for alarm in dispose.alarms]) == (False, None, ["down"])
    assert told["review"].in_per_s == 0.0


def test_a_service_that_began_anew_tells_no_rate_once() -> None:
    before = {service: _reading(at_s=10.0, read=100, published=50) for service in SERVICES}
    now = {service: _reading(at_s=12.0, read=3, published=1) for service in SERVICES}

    assert {figures.in_per_s for figures in stages(before, now) if figures.stage == "profile"} == {None}


def _reading(*, at_s: float, read: int, published: int, lag: int = 0, letters: int = 0) -> Reading:
    lane = LaneReading("creditloop.profiling.v1", read, lag, published, 0)
    figures = {"ingestion_facts_total": 1000 + 3 * (read - 100) / 4, "ingestion_writer_waiting": 4.0}
    return Reading(at_s, up=True, lanes=(lane,), dead_letters=letters, oldest_pending_s=None, figures=figures)


@given(st.lists(st.tuples(st.text(), st.text())))
def test_a_query_that_is_told_can_be_taken_apart_again(pairs: list[tuple[str, str]]) -> None:
    """Nothing that is said in one pair passes for another."""
    shown = readable(urlencode(pairs))

    assert parse_qsl(shown, keep_blank_values=True) == pairs


@pytest.mark.parametrize(
    ("query", "said", "kept"),
    [
        (b"", None, b""),
        (b"q=%E9%94%A6&limit=3", None, b"q=%E9%94%A6&limit=3"),
        (b"account=%E5%AE%89", "安", b""),
        (b"a=1&account=x&&b=%26account=y", "x", b"a=1&&b=%26account=y"),
        (b"acc%6Funt=z&accounts=1", "z", b"accounts=1"),
    ],
)
def test_what_is_said_to_the_console_alone_goes_no_further(
    query: bytes, said: str | None, kept: bytes
) -> None:
    assert without("account", query) == (said, kept)
