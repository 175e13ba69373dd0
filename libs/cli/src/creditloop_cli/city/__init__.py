"""A fictional city: seeded, so that the same seed and day always give the same entities and the same facts.

Nothing here is about a real business: codes are synthetic (their body begins with YY) and names begin with 虚构.
"""
