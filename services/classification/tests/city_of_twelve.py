"""A city of twelve on PostgreSQL and on the disk, for tests of what is done with the whole city."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from classification_service.main import alone
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.model.what_if import Ratio
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.runs import SqlRuns, StretchWork
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.in_force import RulesInForce
from classification_service.use_cases.monthly_run import MonthlyRunner

DAY = 20_600
EPOCH = date(1970, 1, 1)
MONTH = EPOCH + timedelta(days=DAY + 10)
NOW_MS = 1_795_000_000_000
ENTITIES = 12
SET_BY_HAND = """
    insert into intervention (uscc, kind, class, indicator, reason, evidence, expires_on, state, proposed_by,
                              proposed_at, decided_by, decided_at, moved_in)
    values (:uscc, 'manual', 'C', '', 'r', '{}', '2030-01-01', 'in_force', 'wang', now(), 'li', now(),
            (select generation + 1 from standing))
    returning id
"""
CODES = [f"91510104YY{number:08d}" for number in range(ENTITIES)]


@dataclass
class City:
    """A city of twelve on PostgreSQL, a folder, and a second version of the model."""

    store: Any
    bus: Any
    folder: Path
    catalogue: Catalogue
    second: RiskModel

    @property
    def snapshots(self) -> Snapshots:
        files = SnapshotFiles(self.folder, self.catalogue)
        return Snapshots(self.bus.engine, files, len(self.catalogue.indicators), stretch=5)

    def runs(self, rules: Any = None) -> SqlRuns:
        return SqlRuns(self.bus.transaction, rules or RulesInForce(self.catalogue), self.snapshots, stretch=5)

    def runner(self, runs: Any = None, exclusively: Any = alone) -> MonthlyRunner:
        return MonthlyRunner(runs or self.runs(), exclusively, lambda: NOW_MS, workers=1)

    async def promote(self) -> None:
        async with self.store.open() as work:
            await work.add_model(self.second, datetime.now(UTC))
            await work.promote(self.second, PromotedAt(DAY, datetime.now(UTC), "one", "another"))
            await work.name_sets()

    async def states(self) -> dict[str, tuple]:
        rows = await self.store.rows(
            "select uscc, profile_version, score, class, decision_number, change_number, model_id, flags from state"
        )
        return {uscc: rest for uscc, *rest in rows}

    async def decided(self) -> list[tuple[str, int]]:
        rows = await self.store.rows("select uscc, number from decided order by 1, 2")
        return [tuple(row) for row in rows]

    async def events(self) -> int:
        return (
            await self.store.rows("select coalesce(sum(next - 1), 0) from lane, unnest(next_sequence) next")
        )[0][0]


class Silent:
    """A relay that publishes nothing: what is to be published stays in the outbox."""

    def wake(self) -> None:
        """Nothing."""


class Killed(Exception):
    """Stands for the end of the process."""


def dying(runs: SqlRuns, at: str, stretch: int) -> Any:
    """The same books, in a process that ends in the middle of a stretch."""

    class Dying:
        begin, end, runs_ = runs.begin, runs.end, runs.runs

        @asynccontextmanager
        async def work(self, run: Any) -> AsyncIterator[StretchWork]:
            async with runs.work(run) as work:
                claimed: list[int] = []
                claim, step = work.claim, getattr(work, at)

                async def claiming() -> Any:
                    found = await claim()
                    claimed.append(found.number if found else -1)
                    return found

                async def killed(*given: Any) -> Any:
                    result = await step(*given)
                    if claimed[-1] == stretch:
                        raise Killed
                    return result

                work.claim = claiming
                setattr(work, at, killed)
                yield work

    return Dying()


RATIOS = {name: Ratio(share, "", "") for name, share in zip("ABCD", (0.01, 0.05, 0.3, 0.6), strict=True)}
RATIOS |= {
    name: Ratio(share, "", "") for name, share in (("key", 1.0), ("observed", 0.05), ("uniform", 0.03))
}
