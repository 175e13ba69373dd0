"""Sends a department's facts to creditloop: each counted once, none lost (事实报送).

- `Client`, `AsyncClient`: send one or many, and get a verdict for each.
- `Sender`, `AsyncSender`: send in the background, bounded; with a `Spool` a crash of the source loses nothing.
- `Fact`, `new_id`: what is sent.
- `errors`: all that can go wrong, as one tree.
"""

from creditloop_client.async_client import AsyncClient
from creditloop_client.async_sender import AsyncSender
from creditloop_client.batching import Limits
from creditloop_client.client import Client
from creditloop_client.errors import (
    Closed,
    CreditloopError,
    Full,
    NotDelivered,
    Refused,
    Rejected,
    SpoolDamaged,
    SpoolError,
    SpoolInUse,
    Unanswered,
    UnexpectedAnswer,
    UnusableFact,
)
from creditloop_client.facts import Fact, new_id
from creditloop_client.options import Options
from creditloop_client.patience import Patience
from creditloop_client.queues import Memory, Queue
from creditloop_client.sender import Sender
from creditloop_client.spool import Spool
from creditloop_client.verdicts import Outcome, Problem, Verdict

__all__ = [
    "AsyncClient",
    "AsyncSender",
    "Client",
    "Closed",
    "CreditloopError",
    "Fact",
    "Full",
    "Limits",
    "Memory",
    "NotDelivered",
    "Options",
    "Outcome",
    "Patience",
    "Problem",
    "Queue",
    "Refused",
    "Rejected",
    "Sender",
    "Spool",
    "SpoolDamaged",
    "SpoolError",
    "SpoolInUse",
    "Unanswered",
    "UnexpectedAnswer",
    "UnusableFact",
    "Verdict",
    "new_id",
]
