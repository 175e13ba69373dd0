"""Measures searching over a fictional city in an empty database of its own.

Run: `python -m profiling_service.search_bench --entities 1000000`, with `DATABASE_URL`; `creditloop bench search` makes
the database, and drops it afterwards.
"""
