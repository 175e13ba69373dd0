"""What people ask of this service, route by route.

No answer here holds a risk class or a score, to anyone: this service does not know them.
"""

from fastapi import APIRouter

from repair_service.http_api import own_records, records, runs
from repair_service.http_api.edge import Edge, EdgeUnitOfWork, OpenEdge

__all__ = ["Edge", "EdgeUnitOfWork", "OpenEdge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    return [records.router(edge), own_records.router(edge), runs.router(edge)]
