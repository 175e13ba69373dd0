"""Generated protobuf of the repair events."""
