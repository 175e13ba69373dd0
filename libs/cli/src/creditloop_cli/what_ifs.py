"""What a draft would do to a city, as tables."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from creditloop_cli.services import Json

_CLASSES = "ABCD"


def show_what_if(answer: Json, console: Console) -> None:
    """Class mix with what was found in each class, visits by lot, and who moves by area and by sector."""
    console.print(_mix(answer))
    if answer["load"] is not None:
        console.print(_load(answer["load"]))
    for of, groups in (("sector", answer["by_sector"]), ("area", answer["by_area"])):
        if groups:
            console.print(_groups(of, groups))


def _mix(answer: Json) -> Table:
    title = f"{answer['model']} over {answer['entities']:,} entities on {answer['business_day']}"
    table = Table(title=title, caption=_caption(answer))
    for column in ("class", "now", "then", "found now", "found then"):
        table.add_column(column, justify="left" if column == "class" else "right")
    for letter in _CLASSES:
        found = (_rate(answer["discovery"].get(when, {}).get(letter)) for when in ("now", "then"))
        mix = (f"{answer['mix'][when][letter]:,}" for when in ("now", "then"))
        table.add_row(letter, *mix, *found)
    return table


def _caption(answer: Json) -> str:
    return (
        f"{answer['movers']:,} would move · {answer['moving_anyway']:,} move with the next run anyway"
        f" · {answer['left']:,} left as they are\n"
        f"against {', '.join(answer['against'])}\n"
        f"what-if {answer['id']} · snapshot {answer['snapshot_id']}, taken {answer['made_at']}"
    )


def _rate(tested: Json | None) -> str:
    if not tested or tested["rate"] is None:
        return "–"
    return f"{tested['rate']:.1%} ({tested['low']:.1%}–{tested['high']:.1%}) of {tested['valid']:,}"


def _load(load: Json) -> Table:
    table = Table(title="visits a year")
    for column in ("lot", "share", "now", "then"):
        table.add_column(column, justify="left" if column == "lot" else "right")
    for lot, now in load["now"].items():
        table.add_row(lot, f"{load['ratios'][lot]['share']:.0%}", f"{now:,}", f"{load['then'][lot]:,}")
    sums = (f"{sum(load[when].values()):,.1f}" for when in ("now", "then"))
    table.add_row("together", "", *sums)
    return table


def _groups(of: str, groups: Mapping[str, Json]) -> Table:
    table = Table(title=f"by {of}")
    for column in (of, *(f"{letter} now → then" for letter in _CLASSES), "movers"):
        table.add_column(column, justify="left" if column == of else "right")
    for name, group in groups.items():
        cells = (f"{group['now'][letter]:,} → {group['then'][letter]:,}" for letter in _CLASSES)
        table.add_row(name, *cells, f"{group['movers']:,}")
    return table
