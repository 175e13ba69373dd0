"""PostgreSQL: the unit of work of one transaction, the queries behind HTTP, the books of the audit."""

from repair_service.store.queries import BOOKS, EntityTrail, Reads
from repair_service.store.unit_of_work import SqlUnitOfWork

__all__ = ["BOOKS", "EntityTrail", "Reads", "SqlUnitOfWork"]
