"""Domain ⇄ protobuf; the only package that knows the contracts."""

from repair_service.wire.reading import ENTITY_DESCRIBED, FACT_ACCEPTED, entity_described, fact_accepted
from repair_service.wire.writing import outgoing

__all__ = ["ENTITY_DESCRIBED", "FACT_ACCEPTED", "entity_described", "fact_accepted", "outgoing"]
