"""What people ask of this service, route by route. No answer holds a risk class or score: they are not known here."""

from fastapi import APIRouter

from profiling_service.http_api import (
    entities,
    lookup,
    precision,
    relations,
    replay,
    runs,
    searching,
    signal_lists,
    signal_work,
    signals,
    suppressions,
)
from profiling_service.http_api.edge import Edge

__all__ = ["Edge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of the service's own."""
    about_entities = [
        searching.router(edge),
        lookup.router(edge),
        entities.router(edge),
        replay.router(edge),
        relations.router(edge),
    ]
    lists = [signal_lists.router(edge), precision.router(edge)]
    about_signals = [*lists, suppressions.router(edge), signal_work.router(edge), signals.router(edge)]
    return [*about_entities, *about_signals, runs.router(edge)]
