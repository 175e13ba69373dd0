"""Measures the city as one set: what-if, monthly run and national scoring, over a fictional city.

Run: `python -m classification_service.reclassify --entities 4000000 --national 60000000`, with the environment of the
service; `creditloop bench reclassify` gives it a stack of its own.
"""
