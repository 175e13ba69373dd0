"""Chaos: processes die at random under load, and the books must still agree."""
