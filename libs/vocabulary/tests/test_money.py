"""Registered capital from free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary.money import Capital, parse_capital


@pytest.mark.parametrize(
    ("text", "fen", "currency"),
    [
        ("66(万元人民币)", 66_000_000, "CNY"),
        ("16万人民币", 16_000_000, "CNY"),
        ("1,260(万元人民币)", 1_260_000_000, "CNY"),
        ("93.2000(万)", 93_200_000, "CNY"),
        ("4125万人民币元", 4_125_000_000, "CNY"),
        ("72915.400133万人民币", 72_915_400_133, "CNY"),
        ("人民币1,260万元整", 1_260_000_000, "CNY"),
        ("100人民币元", 10_000, "CNY"),
        ("5000元", 500_000, "CNY"),
        ("1.5亿元", 15_000_000_000, "CNY"),
        ("９万元（人民币）", 9_000_000, "CNY"),
        ("0.005元", 1, "CNY"),
        ("0万元", 0, "CNY"),
        ("100万美元", 100_000_000, "USD"),
        ("240(万香港元)", 240_000_000, "HKD"),
        ("52,000(万日元)", 52_000_000_000, "JPY"),
        ("20(万英镑)", 20_000_000, "GBP"),
        ("80(万欧元)", 80_000_000, "EUR"),
        ("100(万新加坡元)", 100_000_000, "SGD"),
    ],
)
def test_an_amount_is_read_exactly(text: str, fen: int, currency: str) -> None:
    """Money is integer fen; a float would lose the 33 fen of a real one."""
    assert parse_capital(text) == Capital(fen, currency)


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "",
        "LéaCoulet",
        "万",
        "-5万元",
        "1,2万元",
        "5万元5",
        "约500万",
        "9" * 18 + "亿",
        "人民币5万美元",
        "1e6",
    ],
)
def test_what_is_not_wholly_understood_is_left_open(text: str) -> None:
    """A guessed amount is worse than none: size decides strata and strictness."""
    assert parse_capital(text) is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """Registry files hold names, dates and worse in this column."""
    assert parse_capital(text) is None or parse_capital(text).fen >= 0  # type: ignore[union-attr]


@given(st.integers(0, 10**12))
def test_a_grouped_number_means_the_same(amount: int) -> None:
    """Some offices write 1,260, some 1260."""
    assert parse_capital(f"{amount:,}(万元人民币)") == parse_capital(f"{amount}万元")
