"""Writes each service's OpenAPI document into the folder given, and every problem they can tell a caller of.

Nothing is started and no database is needed: the applications are made over a bus that is never entered.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import cast

import classification_service.main as classification
import console_service.main as console
import httpx
import ingestion_service.main as ingestion
import notification_service.main as notification
import profiling_service.main as profiling
import repair_service.main as repair
import sampling_service.main as sampling
from classification_service.store import packs as models
from console_service.settings import Settings as ConsoleSettings
from console_service.store import open_engine
from eventbus import Bus
from fastapi import FastAPI
from httpapi import Verifier
from httpapi.field_errors import Fault
from httpapi.problems import catalogue
from ingestion_service.settings import Settings as IngestionSettings
from notification_service.settings import Settings as NotificationSettings
from notification_service.store import read_packs
from profiling_service.settings import rule_book
from profiling_service.store import EntityCache, Profiles
from sampling_service.store.packs import shipped

NOWHERE = "postgresql+asyncpg://nobody@localhost/none"
NOBODY = cast("Verifier", None)
"""Tokens are verified when requests come; here none does."""


def bus(service: str) -> Bus:
    """A bus that nothing is ever sent over."""
    return Bus(service=service, database_url=NOWHERE, bootstrap_servers="localhost:9")


def ingestion_application() -> FastAPI:
    """Facts."""
    settings = IngestionSettings(database_url=NOWHERE, kafka_bootstrap_servers="")
    return ingestion.Service(settings, bus("ingestion")).application(NOBODY)


def profiling_application() -> FastAPI:
    """Profiles and signals."""
    service = profiling.Service(bus("profiling"), rule_book(), Profiles(EntityCache(1)))
    return service.application(NOBODY, profiling.alone)


def classification_application() -> FastAPI:
    """Classes and reviews."""
    catalogue = models.shipped_catalogue()
    stored = models.StoredModels(models.shipped_models(catalogue))
    return classification.Service(bus("classification"), catalogue, stored, Path("snapshots")).application(
        NOBODY
    )


def sampling_application() -> FastAPI:
    """Pools, draws and visits."""
    return sampling.application(bus("sampling"), shipped(), NOBODY)


def repair_application() -> FastAPI:
    """Records and publicity."""
    return repair.Service(bus("repair")).application(NOBODY)


def notification_application() -> FastAPI:
    """Notices and clues."""
    settings = NotificationSettings(database_url=NOWHERE, kafka_bootstrap_servers="")
    packs = read_packs(settings.retry_time_scale)
    service = notification.Service(settings, bus("notification"), packs, httpx.AsyncClient())
    return service.application(NOBODY)


def console_application() -> FastAPI:
    """The console's own routes; what it forwards stands in the others' documents."""
    settings = ConsoleSettings(
        database_url=NOWHERE,
        service_urls=dict.fromkeys(SERVICES, "http://localhost:9"),
        state_dir=Path(mkdtemp()),
    )
    return console.Console(settings, open_engine(NOWHERE), httpx.AsyncClient()).application()


SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
APPLICATIONS: Mapping[str, Callable[[], FastAPI]] = {
    "ingestion": ingestion_application,
    "profiling": profiling_application,
    "classification": classification_application,
    "sampling": sampling_application,
    "repair": repair_application,
    "notification": notification_application,
    "console": console_application,
}


def main(folder: Path) -> None:
    """The documents are in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for service, application in APPLICATIONS.items():
        _write(folder / f"{service}.openapi.json", application().openapi())
    _write(folder / "problems.json", {"types": catalogue(), "faults": [*Fault]})


def _write(file: Path, document: object) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
