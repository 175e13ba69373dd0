"""What staff ask of this service, route by route.

A class is internal: every route is for staff roles, limited by area, and every read is logged.
"""

from fastapi import APIRouter

from classification_service.http_api import (
    checks,
    classes,
    daily_runs,
    drafts,
    entities,
    interventions,
    models,
    objections,
    replays,
    reviews,
    rollbacks,
    runs,
    sectors,
    shadows,
    snapshots,
    statistics,
    trend,
    what_ifs,
    work,
)
from classification_service.http_api.city import CityEdge
from classification_service.http_api.edge import Edge

__all__ = ["CityEdge", "Edge", "city_routers", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    of_the_desk = (drafts, shadows, rollbacks, interventions, objections, replays, daily_runs, work)
    of_the_edge = (entities, classes, statistics, trend, sectors, reviews, models, checks)
    return [
        *(part.router(edge) for part in of_the_edge),
        *(part.router(edge.desk) for part in of_the_desk),
    ]


def city_routers(edge: CityEdge) -> list[APIRouter]:
    """The routes about the whole city."""
    return [part.router(edge) for part in (snapshots, runs, what_ifs)]
