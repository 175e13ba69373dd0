"""Generated protobuf of the classification events."""
