"""Who did what, as it is shown."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from classification_service.model.governing import Step


class StepRow(BaseModel):
    """One thing a person did (留痕)."""

    at: datetime
    who: str = Field(description="subject of the person's token")
    what: str
    draft: int | None
    model_id: str
    note: str

    @classmethod
    def of(cls, step: Step) -> Self:
        """The step as it is shown."""
        return cls(**{name: getattr(step, name) for name in Step.__dataclass_fields__})


class Trail(BaseModel):
    """Everything done, oldest first."""

    items: list[StepRow]
