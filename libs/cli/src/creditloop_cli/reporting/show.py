"""A report for people: tables on the console, or Markdown."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from creditloop_cli.reporting.register import Report
from creditloop_cli.reporting.tables import Table, Value


def print_report(report: Report, console: Console) -> None:
    """Each figure under its title, with what it counts."""
    console.print(f"{report.rows:,} rows")
    for table in report.tables:
        console.print()
        console.print(Text(table.title, style="bold"))
        console.print(Text(table.definition, style="dim"))
        console.print(_grid(table))


def markdown(report: Report, source: str) -> str:
    """The report as a Markdown document."""
    return (
        "\n".join([f"# Report on {source}", "", f"{report.rows:,} rows.", *_sections(report.tables)]) + "\n"
    )


def _grid(table: Table) -> Grid:
    grid = Grid(box=None, pad_edge=False)
    for place, column in enumerate(table.columns):
        grid.add_column(column, justify="left" if place == 0 else "right", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(cell) for cell in _cells(table, row)))
    return grid


def _sections(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        yield from ("", f"## {table.title}", "", table.definition, "")
        yield f"| {' | '.join(table.columns)} |"
        yield f"|---|{'---:|' * (len(table.columns) - 1)}"
        for row in table.rows:
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in _cells(table, row))} |"


def _cells(table: Table, row: Sequence[Value]) -> list[str]:
    return [_cell(column, value) for column, value in zip(table.columns, row, strict=True)]


def _cell(column: str, value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.2%}" if column.startswith("share") else f"{value:.3g}"
    return value or ""
