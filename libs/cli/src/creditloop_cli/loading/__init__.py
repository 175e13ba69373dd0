"""Facts from files and generators to ingestion: reading, posting, counting."""
