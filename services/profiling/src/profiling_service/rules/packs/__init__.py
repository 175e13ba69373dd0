"""Reads rule data into frozen rows and refuses what contradicts itself."""

from profiling_service.rules.packs.catalogue import catalogue
from profiling_service.rules.packs.forms import forms
from profiling_service.rules.packs.signals import signal_families

__all__ = ["catalogue", "forms", "signal_families"]
