"""Profiles computed slowly and obviously, from packs read as they stand and facts looked at one at a time.

It shares no code with the rules it is held against: plain dictionaries, `datetime` calendars and fractions.
"""

from profiling_reference.facts import Fact, fact_of
from profiling_reference.profile import profile

__all__ = ["Fact", "fact_of", "profile"]
