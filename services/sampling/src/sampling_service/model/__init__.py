"""Frozen data and the events this service tells."""
