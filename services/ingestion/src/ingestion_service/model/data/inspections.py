"""Inspections (检查)."""

from typing import Annotated

from msgspec import Meta
from vocabulary.result_codes import ResultCode

from ingestion_service.model.data.kinds import Code, Count, Data, Name


class InspectionCompleted(Data, frozen=True):
    """An inspection was completed by any department (检查结果)."""

    result_codes: Annotated[list[ResultCode], Meta(min_length=1, max_length=20, description="检查结果")]
    item: Annotated[Code, Meta(description="code of the inspection item")] = ""
    critical_violations: Annotated[
        Count, Meta(description="critical violations found; 0 when none or not counted")
    ] = 0
    serious_violations: Annotated[
        Count, Meta(description="serious violations found; 0 when none or not counted")
    ] = 0
    minor_violations: Annotated[
        Count, Meta(description="minor violations found; 0 when none or not counted")
    ] = 0
    department: Annotated[Name, Meta(description="department that inspected")] = ""
