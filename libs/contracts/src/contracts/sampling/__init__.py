"""Generated protobuf of the sampling events."""
