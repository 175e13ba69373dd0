"""What people and platforms ask of this service, route by route.

No answer here holds a risk class or a score, to anyone: this service does not know them.
"""

from fastapi import APIRouter

from notification_service.http_api import clues, notices, platforms, runs
from notification_service.http_api.edge import Edge, EdgeUnitOfWork, OpenEdge

__all__ = ["Edge", "EdgeUnitOfWork", "OpenEdge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    return [platforms.router(edge), clues.router(edge), notices.router(edge), runs.router(edge)]
