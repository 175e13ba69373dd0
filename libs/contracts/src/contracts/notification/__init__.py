"""Generated protobuf of the notification events."""
