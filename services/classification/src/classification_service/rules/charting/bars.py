"""Bars with their names and figures."""

from collections.abc import Sequence

from classification_service.rules.charting.lines import COLOURS, WIDTH, svg, text

_ROW = 20
_NAMES = 190
_FIGURES = 60


def bar_chart(title: str, bars: Sequence[tuple[str, float, str]]) -> str:
    """An SVG element with one bar a row: its name, its length (not negative), and the figure behind it."""
    longest = max((length for _, length, _ in bars), default=0.0) or 1.0
    body = [_bar(index, *bar, longest) for index, bar in enumerate(bars)]
    return svg(title, _ROW * len(bars) + 8, body)


def _bar(index: int, name: str, length: float, figure: str, longest: float) -> str:
    y = index * _ROW + 4
    width = length / longest * (WIDTH - _NAMES - _FIGURES)
    bar = f'<rect x="{_NAMES}" y="{y}" width="{width:.1f}" height="{_ROW - 6}" fill="{COLOURS[0]}"/>'
    return text(_NAMES - 6, y + 11, name, "end") + bar + text(_NAMES + width + 6, y + 11, figure, "start")
