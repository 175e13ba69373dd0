"""What staff ask of this service, route by route.

A class is internal: every route is for staff roles, limited by area, and every read is logged.
"""

from fastapi import APIRouter

from classification_service.http_api import classes, entities, models, reviews, statistics
from classification_service.http_api.edge import Edge

__all__ = ["Edge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    return [part.router(edge) for part in (entities, classes, statistics, reviews, models)]
