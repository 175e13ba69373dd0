"""The HTTP edge: facts in, their verdicts out; quarantine, sources and figures for staff."""

from fastapi import APIRouter

from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.fact_types import fact_types_router
from ingestion_service.http_api.facts import facts_router
from ingestion_service.http_api.figures import ledger_router
from ingestion_service.http_api.quarantine import quarantine_router
from ingestion_service.http_api.sources import sources_router

__all__ = ["Edge", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of this service's own."""
    return [
        facts_router(edge),
        ledger_router(edge),
        fact_types_router(),
        quarantine_router(edge),
        sources_router(edge),
    ]
