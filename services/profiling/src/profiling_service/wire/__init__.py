"""Domain ⇄ protobuf: reads what ingestion, sampling and repair tell, writes what profiling tells."""

from profiling_service.wire.events import encode
from profiling_service.wire.facts import (
    FACT_ACCEPTED,
    RECORD_STOPPED,
    REPAIR,
    RESULT_RECORDED,
    SAMPLING,
    FactReader,
    particulars,
    record_stopped,
    statement,
)

__all__ = [
    "FACT_ACCEPTED",
    "RECORD_STOPPED",
    "REPAIR",
    "RESULT_RECORDED",
    "SAMPLING",
    "FactReader",
    "encode",
    "particulars",
    "record_stopped",
    "statement",
]
