"""The pure decisions: templates, clues, retries, addresses."""

import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from notification_service.errors import ClueAlreadyAnswered, ClueWithdrawn, TemplateFault, UnsafeAddress
from notification_service.model import (
    Answer,
    ClaimedNotice,
    ClueAction,
    ClueState,
    Delivery,
    DeliveryKind,
    Outcome,
    Secrets,
    Verdict,
)
from notification_service.rules import clues, notices, retries
from notification_service.rules.addresses import address_of, require_public, require_safe_host
from notification_service.rules.localised import Language
from notification_service.rules.templates import Addressee
from notification_service.store import read_templates
from notification_service.use_cases import letters

WORDS = b"record_kind: {other: {zh: a, en: a}}"
OFFICES = """
city: {zh: 市局, en: city}
by_suffix: {}
window: {zh: w, en: w}
hotline: {zh: h, en: h}
""".encode()


def template(**changes: Any) -> bytes:
    document = {
        "code": "letter",
        "version": 1,
        "valid_from": date(2020, 1, 1),
        "citation": "c",
        "required": ["matter"],
        "optional": [],
        "title": {"zh": "t", "en": "t"},
        "text": {"zh": "{{ matter }}", "en": "{{ matter }}"},
    }
    return yaml.safe_dump({**document, **changes}, allow_unicode=True).encode()


def test_a_letter_reads_as_an_office_would_write_it(packs: Any, make: Any) -> None:
    """The addressee must learn what happened, until when, from when, how and where to apply, and who says so."""
    notice = notices.repair_notice(make.repair_notice(), packs.catalogue)

    text = letters.letter(
        ClaimedNotice(notice, 1, "川味小馆", "510104", cancelled=False), packs.renderer
    ).text

    assert text.startswith("信用修复告知书\n")
    assert f"川味小馆（统一社会信用代码：{make.uscc}）：" in text
    for part in (
        "成锦市监罚〔2026〕1号",
        "2027年3月2日",
        "自2026年6月2日起",
        "（2）未再受到",
        "统一平台",
        "12345",
    ):
        assert part in text
    assert text.endswith("成都市锦江区市场监督管理局\n2026年3月2日\n")


def test_an_entity_not_described_yet_is_addressed_by_its_code(packs: Any, make: Any) -> None:
    """Repair's event may overtake profiling's; the letter must not wait, nor say "None"."""
    notice = notices.stop_notice(make.stop(), packs.catalogue)
    assert notice is not None

    text = letters.letter(ClaimedNotice(notice, 1, "", "", cancelled=False), packs.renderer).text

    assert f"{make.uscc}（统一社会信用代码" in text
    assert "成都市市场监督管理局" in text
    assert "None" not in text


def test_a_listing_without_an_end_still_makes_sense(packs: Any, make: Any) -> None:
    """The abnormal list has no period: the letter must not promise a day."""
    due = make.repair_notice(
        kind="abnormal_listing",
        apply_from=date(2026, 3, 5),
        stops_on=None,
        conditions=("file_missing_report",),
    )

    notice = notices.repair_notice(due, packs.catalogue)
    text = letters.letter(
        ClaimedNotice(notice, 1, "川味小馆", "510104", cancelled=False), packs.renderer
    ).text

    assert "没有预先确定" in text
    assert "二、申请条件。自2026年3月5日起，具备下列条件的" in text


def test_the_template_of_the_day_is_used(packs: Any, make: Any) -> None:
    """A decision of 2024 falls under the rules of 2024, whenever its fact arrives."""
    days = [date(2010, 1, 1), date(2025, 12, 24), date(2025, 12, 25)]

    versions = [
        notices.repair_notice(make.repair_notice(issued_on=day), packs.catalogue).version for day in days
    ]

    assert versions == [1, 1, 2]


def test_every_word_list_knows_what_to_say_of_an_unknown_code(packs: Any, make: Any) -> None:
    """Repair may learn a new condition before we do; the letter stays true and goes out."""
    notice = notices.repair_notice(make.repair_notice(conditions=("brand_new",)), packs.catalogue)

    text = letters.letter(ClaimedNotice(notice, 1, "", "", cancelled=False), packs.renderer).text

    assert "法律、法规、规章规定的其他条件。" in text


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": {"zh": "{{ matter }}{{ more }}", "en": "{{ matter }}"}}, "does not declare: more"),
        ({"required": ["matter", "unused"]}, "does not use: unused"),
        ({"text": {"zh": "{{ matter", "en": "{{ matter }}"}}, "letter@1.zh"),
        ({"text": {"zh": "{{ matter }}"}}, "needs zh and en"),
        ({"text": {"zh": "{{ matter | upper }}", "en": "{{ matter }}"}}, "No filter named"),
    ],
)
def test_a_template_that_cannot_work_does_not_load(changes: dict[str, Any], fault: str) -> None:
    """A fault in a letter must stop the start, not the thousandth delivery."""
    with pytest.raises(TemplateFault, match=fault):
        read_templates([template(**changes)], WORDS, OFFICES)


def test_a_required_parameter_that_is_empty_is_refused() -> None:
    """Better no letter than one with a hole where the reason should be."""
    _, renderer = read_templates([template()], WORDS, OFFICES)

    with pytest.raises(TemplateFault, match="n1 lacks matter"):
        renderer.render(
            "letter",
            1,
            number="n1",
            addressee=Addressee("u", "", ""),
            issued_on=date(2026, 1, 1),
            params={"matter": ""},
        )


def test_templates_cannot_reach_into_python() -> None:
    """Template authors are officials, not programmers with the server's rights."""
    evil = template(text={"zh": "{{ matter.__class__.__mro__ }}", "en": "{{ matter }}"})
    _, renderer = read_templates([evil], WORDS, OFFICES)

    with pytest.raises(Exception, match="unsafe"):
        renderer.render(
            "letter",
            1,
            number="n",
            addressee=Addressee("u", "", ""),
            issued_on=date(2026, 1, 1),
            params={"matter": "x"},
        )


def test_english_explains_the_same_letter(packs: Any, make: Any) -> None:
    """Foreign-invested firms read the explanation; it must carry the same dates."""
    notice = notices.repair_notice(make.repair_notice(), packs.catalogue)

    text = packs.renderer.render(
        notice.template,
        notice.version,
        number=notice.notice_id,
        addressee=Addressee(make.uscc, "", "510104"),
        issued_on=notice.issued_on,
        params=notice.params,
        language=Language.EN,
    )

    assert "2 March 2027" in text
    assert "From 2 June 2026 on" in text


def test_nobody_is_written_to_about_a_cancelled_entity(packs: Any, make: Any) -> None:
    """The entity is gone: there is no addressee."""
    assert notices.stop_notice(make.stop(reason="cancelled_entity"), packs.catalogue) is None


def test_nobody_is_told_of_the_end_of_what_never_was_public(packs: Any, make: Any) -> None:
    """A letter that a record is "no longer public" would tell its reader an untruth."""
    assert notices.stop_notice(make.stop(was_public=False), packs.catalogue) is None


def test_only_the_annual_report_is_reminded_of(packs: Any, make: Any) -> None:
    """Other families are matters for platforms and inspectors."""
    planned = notices.reminder(make.signal(family="annual_report_due"), packs.catalogue)

    assert planned is not None
    assert planned.params["report_year"] == "2025"
    assert planned.params["due_on"] == "2026-06-30"
    assert notices.reminder(make.signal(), packs.catalogue) is None


def test_the_same_cause_makes_the_same_notice(packs: Any, make: Any) -> None:
    """Identity follows from the cause, so a replay cannot double a letter."""
    first, second, other = (
        notices.repair_notice(make.repair_notice(number), packs.catalogue) for number in ("R-1", "R-1", "R-2")
    )

    assert first == second
    assert first.notice_id != other.notice_id
    assert first.notice_id.isalnum()


def test_a_platform_gets_a_clue_when_the_entity_sells_there(packs: Any, make: Any) -> None:
    """By the registration's word, by the platform's code, or because the platform named its operator."""
    named = make.platform()
    by_code = make.platform("haoshi2", name="x")
    listed = make.platform("quick", name="y")
    stranger = make.platform("other", name="z")
    signal = make.signal(platforms=("好食外卖", "HAOSHI2"))

    found = clues.clues_of(
        signal,
        [named, by_code, listed, stranger],
        {("quick", make.uscc), ("other", "someone")},
        packs.kinds,
        lambda: make.salt,
    )

    assert [clue.platform for clue in found] == ["haoshi", "haoshi2", "quick"]
    assert found[0].due_on == date(2026, 3, 5)
    assert "第37号" in found[0].legal_basis


def test_a_reminder_is_no_clue(packs: Any, make: Any) -> None:
    """A platform has no part in a missing annual report."""
    assert (
        clues.clues_of(
            make.signal(family="annual_report_due"), [make.platform()], set(), packs.kinds, lambda: make.salt
        )
        == []
    )


def test_evidence_is_proven_and_not_told(make: Any) -> None:
    """Identifiers can be guessed: without the salt, a platform cannot try them out. Their order says nothing."""
    digest = clues.evidence_digest(["a", "b"], make.salt)

    assert digest == clues.evidence_digest(["b", "a"], make.salt)
    assert digest != clues.evidence_digest(["a"], make.salt)
    assert digest != clues.evidence_digest(["a", "b"], b"another sixteen.")
    assert digest != hashlib.sha256(b"a\nb").hexdigest()


def answer(action: ClueAction, remark: str = "done") -> Answer:
    return Answer("c1", "haoshi", action, remark, datetime(2026, 3, 3, tzinfo=UTC))


def test_acknowledged_is_not_finished(packs: Any, make: Any) -> None:
    """An answer, not a 200: only what the platform did finishes a clue."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)

    acknowledged = clues.answered(clue, answer(ClueAction.ACKNOWLEDGED))
    assert acknowledged is not None
    finished = clues.answered(acknowledged, answer(ClueAction.WARNED))

    assert acknowledged.state is ClueState.ACKNOWLEDGED
    assert finished is not None
    assert finished.state is ClueState.ANSWERED


def test_the_same_answer_twice_says_nothing_new(packs: Any, make: Any) -> None:
    """Platforms retry their calls; another final answer would be a contradiction."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)
    finished = clues.answered(clue, answer(ClueAction.DELISTED))
    assert finished is not None

    assert clues.answered(finished, answer(ClueAction.DELISTED)) is None
    with pytest.raises(ClueAlreadyAnswered):
        clues.answered(finished, answer(ClueAction.WARNED))


def test_words_are_never_lost_silently(packs: Any, make: Any) -> None:
    """Until the final answer a platform may say more; after it, other words are refused, not dropped."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)
    acknowledged = clues.answered(clue, answer(ClueAction.ACKNOWLEDGED))
    assert acknowledged is not None

    more = clues.answered(acknowledged, answer(ClueAction.ACKNOWLEDGED, "经营者已停业"))
    assert more is not None
    finished = clues.answered(more, answer(ClueAction.DELISTED))

    assert (more.state, more.remark) == (ClueState.ACKNOWLEDGED, "经营者已停业")
    assert finished is not None
    with pytest.raises(ClueAlreadyAnswered, match="delisted"):
        clues.answered(finished, answer(ClueAction.DELISTED, "other words"))


def test_a_withdrawn_clue_takes_no_answer(packs: Any, make: Any) -> None:
    """The penalty behind it is over: an answer would stand against nothing."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)

    with pytest.raises(ClueWithdrawn):
        clues.answered(replace(clue, state=ClueState.WITHDRAWN), answer(ClueAction.WARNED))


@given(st.integers(1, 20), st.floats(0, 1, exclude_max=True))
def test_waiting_never_ends_early_and_always_ends(attempt: int, chance: float) -> None:
    """Jitter only adds, so that receivers are never hammered; after the last attempt there is no other."""
    schedule = retries.RetrySchedule((1.0, 2.0, 4.0), 0.2)

    delay_s = schedule.delay_s(attempt, chance)

    if attempt > 3:
        assert delay_s is None
    else:
        assert delay_s is not None
        assert schedule.delays_s[attempt - 1] <= delay_s <= schedule.delays_s[attempt - 1] * 1.2


def test_the_shipped_schedule_tries_eight_times(packs: Any) -> None:
    """Project-chosen: about a day, growing."""
    delays = packs.schedules.webhook.delays_s

    assert packs.schedules.webhook.attempts == 8
    assert all(earlier < later for earlier, later in itertools.pairwise(delays))


@pytest.mark.parametrize(
    ("status", "attempt", "expected"),
    [
        (200, 1, Verdict.DELIVERED),
        (204, 8, Verdict.DELIVERED),
        (302, 1, Verdict.RETRY),
        (500, 1, Verdict.RETRY),
        (None, 7, Verdict.RETRY),
        (None, 8, Verdict.FAILED),
        (410, 1, Verdict.GONE),
    ],
)
def test_what_an_answer_means(
    packs: Any, make: Any, status: int | None, attempt: int, expected: Verdict
) -> None:
    """Standard Webhooks: 2xx is success, 410 ends the subscription, all else is tried again."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)
    delivery = Delivery(
        "msg_1", DeliveryKind.CREATED, clue, "", make.now, "http://x", Secrets("whsec_a"), attempt
    )

    assert retries.verdict(Outcome(delivery, status, "", make.now, 1), packs.schedules.webhook) is expected


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "https://", "https://u:p@a.example/", "file:///etc/passwd", "http://a:99999/"],
)
def test_only_plain_web_addresses_are_taken(url: str) -> None:
    """The address is typed by people and called from inside our network."""
    with pytest.raises(UnsafeAddress):
        address_of(url)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "::ffff:10.0.0.1",
        "224.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "::127.0.0.1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "fec0::1",
    ],
)
def test_addresses_inside_our_network_are_refused(ip: str) -> None:
    """Else a subscription could read our own machines, or a cloud's metadata."""
    with pytest.raises(UnsafeAddress):
        require_public(ip)
    with pytest.raises(UnsafeAddress):
        require_safe_host(ip)


def test_public_addresses_pass() -> None:
    """A guard that refuses everything guards nothing worth having."""
    for public in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"):
        require_public(public)
    require_safe_host("hooks.example")
    with pytest.raises(UnsafeAddress):
        require_safe_host("localhost")
