"""Domain ⇄ protobuf: reads what ingestion, sampling and repair tell, writes what profiling tells."""

from profiling_service.wire.events import encode
from profiling_service.wire.facts import (
    FACT_ACCEPTED,
    RECORD_STOPPED,
    REPAIR,
    RESULT_RECORDED,
    SAMPLING,
    FactReader,
    inspection_result,
    particulars,
    record_stopped,
)

__all__ = [
    "FACT_ACCEPTED",
    "RECORD_STOPPED",
    "REPAIR",
    "RESULT_RECORDED",
    "SAMPLING",
    "FactReader",
    "encode",
    "inspection_result",
    "particulars",
    "record_stopped",
]
