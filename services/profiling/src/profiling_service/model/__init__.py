"""Frozen data: facts, entities, the indicator catalogue, signals and what is told to others."""
