"""Learns from files of inspections with outcomes, and says how well what was learned ranks later ones."""
