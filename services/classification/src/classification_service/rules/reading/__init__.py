"""Reads models and catalogues from documents, and refuses what contradicts itself, with the line and the reason."""

from classification_service.rules.reading.documents import (
    Document,
    Located,
    canonical,
    judging_hash,
    located,
    sha256_of,
)
from classification_service.rules.reading.mending import mends_of
from classification_service.rules.reading.models import catalogue_of, model_of
from classification_service.rules.reading.overlapping import overlaps, require_no_overlap

__all__ = [
    "Document",
    "Located",
    "canonical",
    "catalogue_of",
    "judging_hash",
    "located",
    "mends_of",
    "model_of",
    "overlaps",
    "require_no_overlap",
    "sha256_of",
]
