"""The unit of work on PostgreSQL: one statement per step, whatever the size of the batch."""
