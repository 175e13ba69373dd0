"""Frozen data: the risk model, what is judged, and what was decided."""
