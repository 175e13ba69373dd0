"""The unit of work on PostgreSQL: the ports, in set-based SQL."""

from notification_service.store.books import BOOKS
from notification_service.store.reads import Reads
from notification_service.store.trail import EntityTrail
from notification_service.store.unit_of_work import SqlUnitOfWork

__all__ = ["BOOKS", "EntityTrail", "Reads", "SqlUnitOfWork"]
