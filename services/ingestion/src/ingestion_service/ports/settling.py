"""What bulk settlements of the quarantine need."""

from collections.abc import Sequence
from typing import Protocol

from ingestion_service.model.quarantined import BulkOrder, Job


class Jobs(Protocol):
    """Bulk settlements."""

    async def begin(self, order: BulkOrder) -> Job:
        """It is known, with how many match now."""
        ...

    async def take(self, number: int) -> Job | None:
        """The job, locked until the transaction ends."""
        ...

    async def save(self, job: Job) -> None:
        """How far it has come is kept."""
        ...

    async def unfinished(self) -> Sequence[int]:
        """Numbers of the jobs that have not ended, oldest first."""
        ...


class BulkSettler(Protocol):
    """Works on bulk settlements."""

    async def work(self, number: int) -> Job:
        """The job as it stands when it has ended or taken a while; it goes on by itself."""
        ...
