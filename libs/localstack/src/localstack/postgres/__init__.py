"""A real PostgreSQL server, run by our own small supervisor."""
