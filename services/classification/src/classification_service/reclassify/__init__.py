"""Measures the city as one set: what-if, monthly run and national scoring, over a fictional city.

Run: `python -m classification_service.reclassify --entities 4000000 --national 60000000`, with the environment of the
service, whose events go to a topic that nobody reads (`--topic`); `creditloop bench reclassify` gives it all of these.
"""
