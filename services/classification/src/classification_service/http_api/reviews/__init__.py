"""What outcomes say about the model (结果回溯)."""

from fastapi import APIRouter

from classification_service.http_api.edge import Edge
from classification_service.http_api.reviews import alarms, discovery, figures


def router(edge: Edge) -> APIRouter:
    """The routes of the review."""
    routes = APIRouter()
    for part in (discovery, figures, alarms):
        routes.include_router(part.router(edge))
    return routes
