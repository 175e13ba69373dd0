"""Lines over two axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 44
COLOURS = ("#0b5cad", "#c4541a", "#2e7d32", "#7b1fa2", "#757575", "#00838f")
_LEGEND_LINE = 15


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined in their order; a dashed line is one to compare with, dots are drawn where asked."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, from where to where, and how its five marks are written."""

    name: str
    low: float
    high: float
    form: str = "{:.0%}"


def line_chart(title: str, across: Axis, upwards: Axis, lines: Sequence[Line]) -> str:
    """An SVG element with these lines and a legend; the title is what a screen reader says."""
    body = [_frame(across, upwards)]
    body += [_line(line, across, upwards, COLOURS[index % len(COLOURS)]) for index, line in enumerate(lines)]
    body += [_legend(line.name, index, len(lines)) for index, line in enumerate(lines)]
    return svg(title, HEIGHT, body)


def svg(title: str, height: int, body: Sequence[str]) -> str:
    """An SVG element of our width."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="words">{escape(words)}</text>'


def _frame(across: Axis, upwards: Axis) -> str:
    parts = []
    for step in range(5):
        share = step / 4
        x, y = _x(share), _y(share)
        parts.append(
            f'<path d="M{_x(0):.1f} {y:.1f}H{_x(1):.1f}M{x:.1f} {_y(0):.1f}V{_y(1):.1f}" class="grid"/>'
        )
        parts.append(text(x, HEIGHT - _BOTTOM + 15, _mark(across, share)))
        parts.append(text(_LEFT - 6, y + 4, _mark(upwards, share), "end"))
    parts.append(text(_x(0.5), HEIGHT - 8, across.name))
    middle = _y(0.5)
    parts.append(f'<g transform="rotate(-90 12 {middle:.1f})">{text(12, middle, upwards.name)}</g>')
    return "".join(parts)


def _mark(axis: Axis, share: float) -> str:
    return axis.form.format(axis.low + share * (axis.high - axis.low))


def _line(line: Line, across: Axis, upwards: Axis, colour: str) -> str:
    places = [(_x(_share(across, x)), _y(_share(upwards, y))) for x, y in line.points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    dots = (
        "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
        if line.dots
        else ""
    )
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>{dots}'


def _legend(name: str, index: int, count: int) -> str:
    y = HEIGHT - _BOTTOM - 10 - (count - 1 - index) * _LEGEND_LINE
    colour = COLOURS[index % len(COLOURS)]
    mark = f'<path d="M{_x(1) - 22:.1f} {y - 4:.1f}h18" stroke="{colour}" stroke-width="3"/>'
    return mark + text(_x(1) - 28, y, name, "end")


def _share(axis: Axis, value: float) -> float:
    return (value - axis.low) / (axis.high - axis.low)


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP)
