"""What can go wrong in repair.

RepairError
├── RegimeFault    a rule set in `packs/regimes` is not usable; the service does not start
└── UnknownRecord  no such record, or it is not the caller's to see
"""


class RepairError(Exception):
    """Root of this service's errors."""


class RegimeFault(RepairError):
    """Raised when a rule set cannot be used; names the rule set and what is wrong."""


class UnknownRecord(RepairError):
    """Raised when there is no such record within the caller's reach."""
