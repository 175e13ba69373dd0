"""Deletes files that are no longer needed, and what was left on disk of files that are gone."""

from typing import NamedTuple

import structlog

from ingestion_service.ports.files import AgedFiles, FileDisk

_log = structlog.get_logger(log="files")
_AT_ONCE = 500


class Keeping(NamedTuple):
    """How long files are kept.

    Attributes:
        unfinished_days: Those of which bytes are missing, since they were announced.
        kept_days: The others, since their last job ended, or without one since they were announced.
        orphaned_s: What is on disk of no file: a sample that is being looked at is such.
    """

    unfinished_days: int
    kept_days: int
    orphaned_s: float = 3600.0


class Purger:
    """Purges; done twice, or by several processes at once, it comes to the same."""

    def __init__(self, files: AgedFiles, disk: FileDisk, keeping: Keeping) -> None:
        self._files = files
        self._disk = disk
        self._keeping = keeping

    async def purge(self) -> None:
        """Files are gone that are old enough, and bytes of no file."""
        keeping = self._keeping
        while retired := await self._files.retire(keeping.unfinished_days, keeping.kept_days, _AT_ONCE):
            for file_id in retired:
                await self._disk.discard(file_id)
                _log.info("file purged", file=str(file_id))
        here = await self._disk.folders(keeping.orphaned_s)
        wanted = await self._files.wanted(here)
        for file_id in here:
            if file_id not in wanted:
                await self._disk.discard(file_id)
                _log.info("folder of no file purged", file=str(file_id))
