"""PostgreSQL: the unit of work, the copy of heads in memory, the reads, the books, the packs and the schema."""
