"""Benchmarks that print their floor and their calibration beside every figure."""
