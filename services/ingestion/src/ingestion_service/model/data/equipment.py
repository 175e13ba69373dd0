"""Special equipment (特种设备) and elevators (电梯)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Count, Data, FactReference, Pseudonym, Until


class EquipmentKind(StrEnum):
    """Kinds of special equipment (特种设备).

    锅炉, 压力容器, 压力管道, 电梯, 起重机械, 客运索道, 大型游乐设施, 场内专用机动车辆.
    """

    BOILER = "boiler"
    PRESSURE_VESSEL = "pressure_vessel"
    PIPELINE = "pipeline"
    ELEVATOR = "elevator"
    CRANE = "crane"
    ROPEWAY = "ropeway"
    AMUSEMENT = "amusement"
    VEHICLE = "vehicle"


class MaintenanceKind(StrEnum):
    """Kinds of maintenance of an elevator: 半月, 季度, 半年, 年度 (TSG T5002)."""

    HALF_MONTHLY = "half_monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


EquipmentRef = Annotated[Pseudonym, Meta(description="the source's own reference of the piece of equipment")]
NextDue = Annotated[Until, Meta(description="day by which it must be inspected next (下次检验日期)")]
OfRegistration = Annotated[
    FactReference,
    Meta(description="fact id of its registration, of the same source; empty: any of that reference"),
]


class EquipmentRegistered(Data, frozen=True):
    """A piece of special equipment was registered for use (特种设备使用登记)."""

    equipment_ref: EquipmentRef
    kind: Annotated[EquipmentKind, Meta(description="kind of equipment")]
    next_due: NextDue = None


class EquipmentInspected(Data, frozen=True):
    """A piece of special equipment was inspected as it must be (定期检验)."""

    equipment_ref: EquipmentRef
    passed: Annotated[bool, Meta(description="it may be used on")]
    next_due: NextDue = None
    registration_fact_id: OfRegistration = ""


class EquipmentRetired(Data, frozen=True):
    """A piece of special equipment was taken out of use or its registration cancelled (特种设备停用注销)."""

    equipment_ref: EquipmentRef
    registration_fact_id: OfRegistration = ""


class ElevatorMaintained(Data, frozen=True):
    """An elevator was maintained (电梯维保)."""

    equipment_ref: EquipmentRef
    kind: Annotated[MaintenanceKind, Meta(description="kind of maintenance")] = MaintenanceKind.HALF_MONTHLY
    late: Annotated[bool, Meta(description="it was done after its last day")] = False
    defects: Annotated[Count, Meta(description="defects found")] = 0


class ElevatorFailed(Data, frozen=True):
    """An elevator failed (电梯故障困人)."""

    equipment_ref: EquipmentRef
    trapped: Annotated[bool, Meta(description="people were trapped (困人)")] = False
    rescue_minutes: Annotated[
        Count, Meta(description="minutes until they were freed; 0 when none were trapped or unknown")
    ] = 0
    maintenance_fault: Annotated[bool, Meta(description="it was found to be the maintainer's fault")] = False
