"""Facts about facts (更正)."""

from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Data, Reference, Why


class FactRetracted(Data, frozen=True):
    """An earlier fact should not have been sent: it counts as if it never had been (撤回)."""

    fact_id: Annotated[Reference, Meta(description="id of the fact retracted, of the same source and entity")]
    reason: Why = ""
