"""Learns from the service's own outcomes, and proposes a draft with what speaks for it; it promotes nothing."""
