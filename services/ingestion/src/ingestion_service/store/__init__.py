"""The ledger, the quarantine and the register on PostgreSQL."""
