"""Frozen data of this service: facts and their fourteen types, verdicts, sources, quarantine."""
