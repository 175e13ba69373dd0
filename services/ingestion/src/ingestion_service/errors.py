"""What can go wrong in ingestion.

IngestionError
├── WriterBusy           more facts wait than the writer takes in time: come back later
├── WriterUnavailable    the ledger cannot be written for now; what was asked may or may not be there
├── UnknownQuarantined   no such quarantined fact
├── NotOpen              the quarantined fact was released or discarded before, or the alert is closed
├── UnknownAlert         no such alert
├── UnknownSource        no such source is registered
├── CellRefused          a cell of a file cannot be read as its mapping says
├── FileRefused          a file as a whole cannot be read: what is wrong with it, and what would be right
├── UnknownFile          no such file was announced
├── UnknownMapping       the source has no mapping of that name
├── WrongOffset          bytes of a file that do not begin where the last ended
├── NoSuchPlace          a page of a listing is asked for from where no line begins
├── JobAtWork            a file's job has not ended, so that another cannot begin
├── UnknownKey           the source has no such key, or it was revoked before
└── NameTaken            a source of that name exists
"""


class IngestionError(Exception):
    """Root of this service's errors."""


class WriterBusy(IngestionError):
    """Raised when facts would have to wait too long for the writer."""


class WriterUnavailable(IngestionError):
    """Raised when a batch could not be committed in time; sent again, its facts count once."""


class UnknownQuarantined(IngestionError):
    """Raised when there is no quarantined fact of that number."""


class NotOpen(IngestionError):
    """Raised when a quarantined fact was settled before, or an alert is closed already."""


class UnknownAlert(IngestionError):
    """Raised when there is no alert of that number."""


class UnknownSource(IngestionError):
    """Raised when a name belongs to no registered source."""


class UnknownKey(IngestionError):
    """Raised when there is no key of that id to revoke."""


class NameTaken(IngestionError):
    """Raised when a source of that name is registered already."""


class CellRefused(IngestionError):
    """Raised when a cell cannot be read as its mapping says."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.expected = expected


class FileRefused(IngestionError):
    """Raised when a file as a whole cannot be read."""

    def __init__(self, field: str, problem: str, expected: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem
        self.expected = expected


class UnknownFile(IngestionError):
    """Raised when there is no file of that id."""


class QuotaUsed(IngestionError):
    """Raised when a source's files would take more room than they may; `left` is what it has left."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} bytes are left")
        self.left = left


class UnknownMapping(IngestionError):
    """Raised when the source has no mapping of that name."""


class WrongOffset(IngestionError):
    """Raised when bytes do not begin where the last ended; `offset` is where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the file is {offset} bytes long so far")
        self.offset = offset


class NoSuchPlace(IngestionError):
    """Raised when no line of a listing begins where one is asked for."""


class JobAtWork(IngestionError):
    """Raised when a job of the file waits or is at work."""
