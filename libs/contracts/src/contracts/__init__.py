"""Generated protobuf of every event, and nothing else."""
