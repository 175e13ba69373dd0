"""Frozen data: people and their sessions, entries of the access log, figures of the stages."""

from console_service.model.access import AccessEntry, AccessFilter
from console_service.model.people import Account, AccountChange, GivenAccount, Person, Session, Tokens
from console_service.model.stages import Alarm, LaneReading, Reading, StageFigures

__all__ = [
    "AccessEntry",
    "AccessFilter",
    "Account",
    "AccountChange",
    "Alarm",
    "GivenAccount",
    "LaneReading",
    "Person",
    "Reading",
    "Session",
    "StageFigures",
    "Tokens",
]
