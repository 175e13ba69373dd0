"""What can go wrong in ingestion.

IngestionError
├── WriterBusy           more facts wait than the writer takes in time: come back later
├── WriterUnavailable    the ledger cannot be written for now; what was asked may or may not be there
├── UnknownQuarantined   no such quarantined fact
├── NotOpen              the quarantined fact was released or discarded before
├── UnknownSource        no such source is registered
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
    """Raised when a quarantined fact was settled before."""


class UnknownSource(IngestionError):
    """Raised when a name belongs to no registered source."""


class UnknownKey(IngestionError):
    """Raised when there is no key of that id to revoke."""


class NameTaken(IngestionError):
    """Raised when a source of that name is registered already."""
