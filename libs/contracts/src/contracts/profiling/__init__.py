"""Generated protobuf of the profiling events."""
