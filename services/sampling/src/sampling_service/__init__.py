"""Sampling: who is inspected, by whom, and what was found (双随机、一公开).

It keeps the pools of objects and inspectors, draws from them so that anyone can check the draw, gives each drawn
entity one merged visit by at least two inspectors, and returns results to the loop as facts. Pools follow the
classes that classification decides and the descriptions that profiling gives. Read `use_cases` first.
"""
