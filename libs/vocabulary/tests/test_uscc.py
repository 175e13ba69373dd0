"""Unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary.uscc import (
    ALPHABET,
    UsccVerdict,
    check,
    check_digit,
    check_many,
    is_valid,
    normalise,
    organisation_check,
    synthesise,
)

PUBLISHED = [
    "91440300708461136T",
    "914403001922038216",
    "91330100799655058B",
    "91110108551385082Q",
    "9152000071430580XT",
    "91510700205412308D",
]
FICTIONAL = [
    "91510104YY000001XM",
    "91510117YY0000028G",
    "92510107YY0000036Q",
    "93510185YY0000044F",
    "91510100YY00000A3L",
]
PILOT = ["91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P"]

regular_texts = st.text(alphabet=ALPHABET + ALPHABET.lower() + "IOSVZ -\n\x00", min_size=16, max_size=20)
full_width = st.sampled_from(PUBLISHED).map(lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code))
near_misses = st.tuples(
    st.sampled_from(PUBLISHED + FICTIONAL + PILOT), st.integers(0, 17), st.sampled_from(ALPHABET + "iOz ")
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :])
digits_of_any_script = st.text(alphabet="0123456789٣३", min_size=14, max_size=18)
any_code = st.one_of(
    st.text(),
    regular_texts,
    full_width,
    near_misses,
    digits_of_any_script,
    st.sampled_from(PUBLISHED + PILOT),
)


@pytest.mark.parametrize("code", PUBLISHED + FICTIONAL)
def test_a_code_with_the_right_check_character_is_valid(code: str) -> None:
    """The worked examples of the standard's arithmetic."""
    assert check(code) is UsccVerdict.VALID
    assert is_valid(code)
    assert check_digit(code[:17]) == code[17]
    assert organisation_check(code[8:16]) == code[16]


@pytest.mark.parametrize("code", PILOT)
def test_a_pilot_code_is_told_from_a_wrong_one(code: str) -> None:
    """Early pilot codes are legal though their check character fails: a person releases them."""
    assert check(code) is UsccVerdict.LEGACY_PILOT
    assert not is_valid(code)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("91440300708461137T", UsccVerdict.WRONG_CHECK_DIGIT),
        ("510132000055145", UsccVerdict.OLD_REGISTRATION_NUMBER),
        ("51013200005514A", UsccVerdict.WRONG_LENGTH),
        ("٥١٠١٣٢٠٠٠٠٥٥١٤٥", UsccVerdict.WRONG_LENGTH),
        ("", UsccVerdict.WRONG_LENGTH),
        ("N/A", UsccVerdict.WRONG_LENGTH),
        ("9144030070846113", UsccVerdict.WRONG_LENGTH),
        ("9144030070846113OT", UsccVerdict.WRONG_ALPHABET),
        ("9144030I708461136T", UsccVerdict.WRONG_ALPHABET),
        ("914403A0708461136T", UsccVerdict.WRONG_ALPHABET),
        ("91440300 08461136T", UsccVerdict.WRONG_ALPHABET),
    ],
)
def test_each_fault_has_its_own_name(text: str, verdict: UsccVerdict) -> None:
    """A quarantined row must say what is wrong with it."""
    assert check(text) is verdict
    assert check_many([text]).tolist() == [verdict]


@pytest.mark.parametrize(
    "text",
    [
        "91510100ma62lp66xy",
        "  91510100MA62LP66XY\n",
        "９１５１０１００ＭＡ６２ＬＰ６６ｘｙ",
        "\ufeff91510100MA62LP66XY\u3000",
    ],
)
def test_typing_habits_do_not_change_a_code(text: str) -> None:
    """Lower case, full width, stray spaces and byte-order marks are how people and Excel write codes."""
    assert normalise(text) == "91510100MA62LP66XY"
    assert check(text) is UsccVerdict.VALID


def test_letters_count_differently_in_the_organisation_code() -> None:
    """One table for both checks is the classic mistake: there W is 28 in one and 32 in the other."""
    assert organisation_check("MA62LP66") == "X"
    assert organisation_check("D2143569") == "X"


@given(st.lists(any_code, max_size=30))
def test_many_codes_are_judged_as_each_alone(codes: list[str]) -> None:
    """The fast path is an optimisation, never a second opinion."""
    verdicts = check_many(codes)

    assert verdicts.dtype.name == "int8"
    assert verdicts.tolist() == [check(code) for code in codes]


@given(any_code)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    """Codes are normalised at every door; keys must not drift."""
    assert normalise(normalise(text)) == normalise(text)


@given(
    st.sampled_from("159ANY"),
    st.sampled_from("1239"),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.integers(0, 31**6 - 1),
)
def test_a_synthetic_code_passes_both_checks(authority: str, kind: str, region: str, serial: int) -> None:
    """Demo data must walk through the same doors as real data, and be told from it at a glance."""
    code = synthesise(authority, kind, region, serial)

    assert check(code) is UsccVerdict.VALID
    assert organisation_check(code[8:16]) == code[16]
    assert code[8:10] == "YY"


@given(st.sampled_from(FICTIONAL), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(code: str, place: int, character: str) -> None:
    """Weights are powers of 3 modulo the prime 31, so no single slip can hide."""
    changed = code[:place] + character + code[place + 1 :]

    assert is_valid(changed) == (changed == code)


def test_synthetic_codes_are_the_known_ones() -> None:
    """A generator's seed must give the same city for ever."""
    assert synthesise("9", "1", "510104", 1) == "91510104YY000001XM"
    assert synthesise("9", "1", "510100", 10) == "91510100YY00000A3L"


@pytest.mark.parametrize(
    ("authority", "region", "serial"),
    [("9", "5101", 1), ("9", "51010A", 1), ("O", "510100", 1), ("9", "510100", -1), ("9", "510100", 31**6)],
)
def test_an_impossible_synthetic_code_is_refused(authority: str, region: str, serial: int) -> None:
    """A wrong code in demo data would surface far from its cause."""
    with pytest.raises(ValueError, match="not"):
        synthesise(authority, "1", region, serial)


def test_no_codes_give_no_verdicts() -> None:
    """A poll may come back empty."""
    assert check_many([]).tolist() == []
