"""What people ask of this service, route by route. No answer holds a risk class or score: they are not known here."""

from fastapi import APIRouter

from profiling_service.http_api import entities, runs, signals
from profiling_service.http_api.edge import Edge

__all__ = ["Edge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    return [entities.router(edge), signals.router(edge), runs.router(edge)]
