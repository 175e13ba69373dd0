"""The whole report on a registry's file."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from creditloop_cli.loading.registry import Row
from creditloop_cli.reporting import clusters, codes, fields, trades
from creditloop_cli.reporting.firm import Firm, read_firm
from creditloop_cli.reporting.tables import Table


class Report(NamedTuple):
    """Every figure, in the order of reading."""

    rows: int
    tables: list[Table]

    def document(self) -> dict[str, object]:
        """The report for machines."""
        return {"rows": self.rows, **{table.key: table.document() for table in self.tables}}


def report(rows: Iterable[Row], today: date, advance: Callable[[], None]) -> Report:
    """The figures of all rows; ``advance`` is called once for each row read."""
    firms: list[Firm] = []
    for row in rows:
        firms.append(read_firm(row))
        advance()
    found = [
        *codes.tables(firms),
        *fields.tables(firms, today),
        *trades.tables(firms),
        *clusters.tables(firms),
    ]
    return Report(len(firms), found)
