"""Which quarantined facts a request means."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ingestion_service.model.quarantined import Filter, State

_PLAIN = r"^[^\x00]*$"
_Text = Annotated[str | None, Query(max_length=200, pattern=_PLAIN)]
_Instant = Annotated[AwareDatetime | None, Query(description="received at this instant or later, RFC 3339")]
_Until = Annotated[AwareDatetime | None, Query(description="received before this instant")]
_Within = Annotated[str | None, Query(max_length=64, pattern=_PLAIN, description="text in the subject")]


async def _filter(  # noqa: PLR0913, PLR0917 - each is a parameter of the query
    source: _Text = None,
    reason: _Text = None,
    type: _Text = None,  # noqa: A002 - its name in the query
    received_from: _Instant = None,
    received_to: _Until = None,
    subject: _Within = None,
    state: State = State.OPEN,
) -> Filter:
    return Filter(state, source, reason, type, received_from, received_to, subject)


Wanted = Annotated[Filter, Depends(_filter)]
"""The filter of a query."""


class FilterIn(BaseModel):
    """Open facts that match all of this; at least one member is wanted."""

    model_config = ConfigDict(extra="forbid")

    source: str | None = Field(None, max_length=200, pattern=_PLAIN)
    reason: str | None = Field(None, max_length=200, pattern=_PLAIN)
    type: str | None = Field(None, max_length=200, pattern=_PLAIN)
    received_from: AwareDatetime | None = None
    received_to: AwareDatetime | None = None
    subject: str | None = Field(None, max_length=64, pattern=_PLAIN, description="text in the subject")

    def chosen(self) -> Filter:
        """The same as the model has it.

        Raises:
            Invalid: Nothing is named: that would be everything.
        """
        given: dict[str, str | datetime] = self.model_dump(exclude_none=True)
        if not given:
            wrong = FieldError("body.filter", "is empty", "one or more of its members, or ids", Fault.MISSING)
            raise Invalid(errors=[wrong])
        return Filter(**given)  # type: ignore[arg-type]  # checked above
