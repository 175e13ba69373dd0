"""The HTTP edge: facts in, their verdicts out; quarantine, sources and figures for staff."""

from fastapi import APIRouter

from ingestion_service.http_api.alerts import alerts_router
from ingestion_service.http_api.bulk import bulk_router
from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.fact_types import fact_types_router
from ingestion_service.http_api.facts import facts_router
from ingestion_service.http_api.figures import ledger_router
from ingestion_service.http_api.files import files_router
from ingestion_service.http_api.files_edge import FilesEdge
from ingestion_service.http_api.keys import keys_router
from ingestion_service.http_api.mappings import mappings_router
from ingestion_service.http_api.quality import quality_router
from ingestion_service.http_api.quarantine import quarantine_router
from ingestion_service.http_api.sheets import sheets_router
from ingestion_service.http_api.sources import sources_router
from ingestion_service.http_api.uploads import uploads_router

__all__ = ["Edge", "FilesEdge", "alerts_router", "file_routers", "quality_router", "routers"]


def routers(edge: Edge) -> list[APIRouter]:
    """All routes of this service's own."""
    return [
        facts_router(edge),
        ledger_router(edge),
        fact_types_router(edge),
        quarantine_router(edge),
        bulk_router(edge),
        sheets_router(edge),
        sources_router(edge),
        keys_router(edge),
    ]


def file_routers(edge: FilesEdge) -> list[APIRouter]:
    """The routes of files and their mappings."""
    return [mappings_router(edge), files_router(edge), uploads_router(edge)]
