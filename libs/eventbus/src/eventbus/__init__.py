"""Exactly-once effects over Kafka and PostgreSQL.

A service reads micro-batches of events (`Stage`), applies each in one transaction (`Transaction`) and emits what
follows through its outbox and relay. `Bus` puts the parts of one service together; the README tells how it works and
what happens at every crash point.
"""

from eventbus import copying
from eventbus.books import BucketDigest, SqlBooks, UnknownBook
from eventbus.bus import Bus, LaneStanding
from eventbus.consumer import Stage
from eventbus.dead_letter import DeadLetter, DeadLetters
from eventbus.envelope import Outgoing, Received, partition_of
from eventbus.errors import (
    EventBusError,
    Fenced,
    Gap,
    Poison,
    TooManyDeadLetters,
    Transient,
    Unfit,
    UnknownDeadLetter,
    is_transient,
)
from eventbus.flow import Flow, LaneFlow
from eventbus.micro_batch import PATIENT, Handler, Handlers, StageOptions
from eventbus.schema import SCHEMA
from eventbus.transaction import Transaction
from eventbus.writer import Writer

__all__ = [
    "PATIENT",
    "SCHEMA",
    "BucketDigest",
    "Bus",
    "DeadLetter",
    "DeadLetters",
    "EventBusError",
    "Fenced",
    "Flow",
    "Gap",
    "Handler",
    "Handlers",
    "LaneFlow",
    "LaneStanding",
    "Outgoing",
    "Poison",
    "Received",
    "SqlBooks",
    "Stage",
    "StageOptions",
    "TooManyDeadLetters",
    "Transaction",
    "Transient",
    "Unfit",
    "UnknownBook",
    "UnknownDeadLetter",
    "Writer",
    "copying",
    "is_transient",
    "partition_of",
]
