"""The unit of work on PostgreSQL: the ports, in set-based SQL; and the rule data, read from YAML."""

from notification_service.store.books import BOOKS
from notification_service.store.packs import Packs, read_packs, read_templates
from notification_service.store.reads import Reads
from notification_service.store.trail import EntityTrail
from notification_service.store.unit_of_work import SqlUnitOfWork, Wakes

__all__ = ["BOOKS", "EntityTrail", "Packs", "Reads", "SqlUnitOfWork", "Wakes", "read_packs", "read_templates"]
